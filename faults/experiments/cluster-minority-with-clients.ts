import { CLUSTER, CUT_OFF_MS, requireLeader } from '../cluster.ts';
import type { Experiment } from '../experiment.ts';
import { brokerListens, doFault } from '../faults.ts';

// Without the stream (see faults/run). After the cut RabbitMQ 4.3 doesn't tell the publishers on this
// node that the stream's leader is on another one now: it forgets who listens when it can't reach them
// (rabbit_stream_coordinator.erl, `down` with `noconnection`). They wait for their confirms until they
// connect again.
export default {
  title: 'cluster: minority with clients',
  what: `The same node loses the other two for ${CUT_OFF_MS / 1000} s, and its clients reach it all the time.`,
  ...CLUSTER,
  fault: async (lab) => {
    await requireLeader(lab);
    await doFault(lab, { kind: 'broker cut off', lastsMs: CUT_OFF_MS });
    await brokerListens();
  },
} satisfies Experiment;
