import type { Experiment } from '../experiment.ts';
import { doFault } from '../faults.ts';

export default {
  title: 'producer SIGKILL',
  what: 'The producer is killed, and started again a second later.',
  fault: (lab) => doFault(lab, { kind: 'producer killed', lastsMs: 1000 }),
} satisfies Experiment;
