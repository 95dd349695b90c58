import { CLUSTER, CUT_OFF_MS, requireLeader, withoutClients } from '../cluster.ts';
import type { Experiment } from '../experiment.ts';
import { brokerListens, doFault } from '../faults.ts';

export default {
  title: 'cluster: minority cut off',
  what: `The same node has no network for ${CUT_OFF_MS / 1000} s: its clients go to the other two nodes.`,
  ...CLUSTER,
  fault: async (lab) => {
    await requireLeader(lab);
    await withoutClients(lab, () => doFault(lab, { kind: 'broker cut off', lastsMs: CUT_OFF_MS }));
    await brokerListens();
  },
} satisfies Experiment;
