import type { Experiment } from '../experiment.ts';
import { doFault } from '../faults.ts';

export default {
  title: 'connections closed',
  what: 'An operator closes all connections (320 CONNECTION_FORCED).',
  cuts: true,
  fault: (lab) => doFault(lab, { kind: 'connections closed', lastsMs: 0 }),
} satisfies Experiment;
