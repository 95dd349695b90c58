import { setTimeout as pause } from 'node:timers/promises';
import { withChannel } from '../broker-channel.ts';
import type { Experiment } from '../experiment.ts';
import { ROWS } from '../rows.ts';

export default {
  title: 'queue deleted',
  what: 'Each queue is deleted while messages wait in it, since the consumer has paused for 2 s.',
  takes: 'all',
  fault: async (lab) => {
    await lab.pause('consumer');
    await pause(2000);
    await withChannel(async (channel) => {
      for (const { name } of ROWS) await channel.deleteQueue(name);
    });
    await lab.unpause('consumer');
  },
} satisfies Experiment;
