import type { Experiment } from '../experiment.ts';
import { TcpProxy } from '../proxy.ts';

let proxy: TcpProxy;

export default {
  title: 'connection reset',
  what: 'Each TCP connection to the broker is reset, on both sides.',
  cuts: true,
  prepare: async (lab) => {
    proxy = await TcpProxy.open(lab);
  },
  fault: async () => proxy.reset(),
} satisfies Experiment;
