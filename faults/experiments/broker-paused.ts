import type { Experiment } from '../experiment.ts';
import { doFault } from '../faults.ts';

export default {
  title: 'broker paused',
  what: 'The broker is frozen for 18 s: longer than three heartbeats.',
  fault: (lab) => doFault(lab, { kind: 'broker paused', lastsMs: 18_000 }),
} satisfies Experiment;
