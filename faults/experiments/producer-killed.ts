import { setTimeout as pause } from 'node:timers/promises';
import type { Experiment } from '../experiment.ts';
import { doFault } from '../faults.ts';

/** For how long messages gather on their way before it dies, in milliseconds. */
const GATHER_MS = 300;

export default {
  title: 'producer SIGKILL',
  what:
    `While the broker is frozen for ${GATHER_MS / 1000} s, so that some messages have no confirm yet, the producer is ` +
    'killed. It is started again a second later.',
  fault: async (lab) => {
    await lab.pause('broker');
    await pause(GATHER_MS);
    const whenEnded = () => lab.unpause('broker');
    await doFault(lab, { kind: 'producer killed', lastsMs: 1000 }, whenEnded);
  },
} satisfies Experiment;
