import { CLUSTER, requireLeader } from '../cluster.ts';
import type { Experiment } from '../experiment.ts';
import { doFault } from '../faults.ts';

export default {
  title: 'cluster: leader SIGKILL',
  what: 'Of three nodes that one is killed on which the leaders and the classic queues are; it is back after 5 s.',
  ...CLUSTER,
  fault: async (lab) => {
    await requireLeader(lab);
    await doFault(lab, { kind: 'broker killed', lastsMs: 5000 });
  },
} satisfies Experiment;
