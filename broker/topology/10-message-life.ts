import type { Channel } from '../client/channel.ts';

/** Where parcels are published. */
export const EXCHANGE = 'depot';
/** Where they wait for a consumer. */
export const QUEUE = 'parcels';
/** The binding key: a parcel with this routing key is put into the queue. */
export const KEY = 'home';

/**
 * What both sides assert: an exchange of the lesson's own, since the default exchange counts for all
 * queues together, and a durable queue, so that there is something to be seen on the disk.
 */
export async function declare(channel: Channel): Promise<void> {
  await channel.assertExchange(EXCHANGE, 'direct', { durable: true });
  await channel.assertQueue(QUEUE, { durable: true });
  await channel.bindQueue(QUEUE, EXCHANGE, KEY);
}
