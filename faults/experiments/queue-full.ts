import { setTimeout as pause } from 'node:timers/promises';
import type { Experiment } from '../experiment.ts';

/** How many messages a queue may hold. */
const ROOM = 10;
/** For how long nobody takes one out, in milliseconds: some hundred more than that come in. */
const FULL_MS = 3000;

export default {
  title: 'queue full',
  what: `The consumer pauses for ${FULL_MS / 1000} s, and no queue may hold more than ${ROOM} messages: the oldest go.`,
  takes: 'all',
  fault: async (lab) => {
    const limit = JSON.stringify({ 'max-length': ROOM });
    await lab.run('broker', 'rabbitmqctl', '-q', 'set_policy', 'short', '.*', limit);
    await lab.pause('consumer');
    await pause(FULL_MS);
    await lab.unpause('consumer');
    await lab.run('broker', 'rabbitmqctl', '-q', 'clear_policy', 'short');
  },
} satisfies Experiment;
