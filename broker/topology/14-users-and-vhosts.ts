import type { Channel } from '../client/channel.ts';

/**
 * The exchange for a team's orders, and the queue in which they wait. Each vhost that a team has can
 * have its own ones under this name. A permission is a pattern of names and doesn't tell an exchange
 * from a queue.
 */
export const ORDERS = 'orders';

/** What both sides assert. It needs the permissions to configure, to write and to read. */
export async function declare(channel: Channel): Promise<void> {
  await channel.assertExchange(ORDERS, 'fanout', { durable: true });
  await channel.assertQueue(ORDERS, { durable: true });
  await channel.bindQueue(ORDERS, ORDERS, '');
}
