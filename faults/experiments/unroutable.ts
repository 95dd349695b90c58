import { setTimeout as pause } from 'node:timers/promises';
import { withChannel } from '../broker-channel.ts';
import type { Experiment } from '../experiment.ts';
import { EXCHANGE, ROWS } from '../rows.ts';

export default {
  title: 'unroutable',
  what: 'For a second the exchange has no bindings: no queue takes what is published.',
  fault: () =>
    withChannel(async (channel) => {
      for (const { name } of ROWS) await channel.unbindQueue(name, EXCHANGE, name);
      await pause(1000);
      for (const { name } of ROWS) await channel.bindQueue(name, EXCHANGE, name);
    }),
} satisfies Experiment;
