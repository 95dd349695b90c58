import type { Experiment } from '../experiment.ts';
import { doFault } from '../faults.ts';

export default {
  title: 'consumer SIGKILL',
  what: 'The consumer is killed in the middle of its work, and started again a second later.',
  fault: (lab) => doFault(lab, { kind: 'consumer killed', lastsMs: 1000 }),
} satisfies Experiment;
