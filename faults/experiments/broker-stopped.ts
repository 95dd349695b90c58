import type { Experiment } from '../experiment.ts';
import { doFault } from '../faults.ts';

export default {
  title: 'broker stopped',
  what: 'The broker is stopped in order, and started again a second later.',
  cuts: true,
  fault: (lab) => doFault(lab, { kind: 'broker stopped', lastsMs: 1000 }),
} satisfies Experiment;
