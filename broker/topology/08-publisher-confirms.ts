import type { Channel } from '../client/channel.ts';

/** Where the orders wait for the consumer. */
export const ORDERS = 'orders';
/** Where messages go that are only sent to see how long it takes. */
export const MEASURED = 'measured';

/**
 * What both sides assert. `durable`, and the messages are persistent: the broker confirms such a
 * message when it has written it to a file.
 */
export async function declare(channel: Channel): Promise<void> {
  await channel.assertQueue(ORDERS, { durable: true });
  await channel.assertQueue(MEASURED, { durable: true });
}
