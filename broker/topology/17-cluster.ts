import type { Channel } from '../client/channel.ts';

/** A queue with a copy on each of the three nodes. */
export const QUEUE = 'orders';

/**
 * What both sides assert. `x-quorum-initial-group-size`: how many nodes get a copy. The cluster has
 * three nodes, and three is also the default.
 */
export async function declare(channel: Channel): Promise<void> {
  await channel.assertQueue(QUEUE, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': 3 },
  });
}
