/** What the experiments with a cluster of three nodes have in common. */
import type { Lab } from './lab.ts';

const NODES = ['broker', 'broker-2', 'broker-3'] as const;

/** The network by which the programs reach `broker`, and its name there. */
const [CLIENTS, FRONT] = ['clients', 'front'];

/** What is needed for a cluster. The first node may lose the others and keep its clients. */
export const CLUSTER = {
  nodes: NODES,
  prepare: async (lab: Lab) => {
    await lab.createNetwork(CLIENTS);
    await lab.connect('broker', [FRONT], CLIENTS);
    await lab.connect('producer', [], CLIENTS);
    await lab.connect('consumer', [], CLIENTS);
  },
};

/** For how long a node is cut off, in milliseconds: longer than three heartbeats. */
export const CUT_OFF_MS = 20_000;

/** Takes the cable to the programs out of `broker` while `work` is done. */
export async function withoutClients(lab: Lab, work: () => Promise<void>): Promise<void> {
  await lab.disconnect('broker', CLIENTS);
  await work();
  await lab.connect('broker', [FRONT], CLIENTS);
}

/**
 * The programs try this node first. So the leader of the quorum queue should be there, and all classic
 * queues.
 *
 * @throws when it is elsewhere: the fault would do less than it says
 */
export async function requireLeader(lab: Lab): Promise<void> {
  const queues = await lab.run('broker', 'rabbitmqctl', '-q', 'list_queues', 'name', 'leader');
  const [, leader] = /^quorum\trabbit@(\S+)$/m.exec(queues) ?? [];
  if (leader !== 'broker') throw new Error(`The leader is on another node:\n${queues}`);
}
