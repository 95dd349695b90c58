import type { Experiment } from '../experiment.ts';
import { doFault } from '../faults.ts';

export default {
  title: 'broker SIGKILL',
  what: 'The broker is killed, and started again a second later.',
  cuts: true,
  fault: (lab) => doFault(lab, { kind: 'broker killed', lastsMs: 1000 }),
} satisfies Experiment;
