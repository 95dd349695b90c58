/** What the experiments with a cluster of three nodes have in common. */
import type { Lab } from './lab.ts';

export const NODES = ['broker', 'broker-2', 'broker-3'] as const;

/**
 * The programs try `broker` first. So the leader of the quorum queue should be there, and all classic
 * queues.
 *
 * @throws when it is elsewhere: the fault would do less than it says
 */
export async function requireLeader(lab: Lab): Promise<void> {
  const queues = await lab.run('broker', 'rabbitmqctl', '-q', 'list_queues', 'name', 'leader');
  const [, leader] = /^quorum\trabbit@(\S+)$/m.exec(queues) ?? [];
  if (leader !== 'broker') throw new Error(`The leader is on another node:\n${queues}`);
}
