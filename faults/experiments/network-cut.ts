import type { Experiment } from '../experiment.ts';
import { doFault } from '../faults.ts';

export default {
  title: 'network cut',
  what: 'The broker has no network for 18 s: longer than three heartbeats.',
  cuts: true,
  fault: (lab) => doFault(lab, { kind: 'broker cut off', lastsMs: 18_000 }),
} satisfies Experiment;
