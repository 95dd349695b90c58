import type { Experiment } from '../experiment.ts';
import { TcpProxy } from '../proxy.ts';

let proxy: TcpProxy;

export default {
  title: 'half-open connection',
  what: 'On the connections that are open nothing passes any more, and nobody is told.',
  cuts: true,
  prepare: async (lab) => {
    proxy = await TcpProxy.open(lab);
  },
  fault: async () => proxy.freeze(),
} satisfies Experiment;
