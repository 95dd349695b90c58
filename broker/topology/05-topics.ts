import type { LabChannel } from '../channel.ts';

/** Passes a message to the queues whose binding key, a pattern of words, fits its routing key. */
export const EXCHANGE = 'topic_logs';

/** How long a routing key or a binding key may be, in bytes: its length is sent as one byte. */
export const LONGEST_KEY = 255;

/**
 * What both sides assert: the exchange. The queues and their bindings belong to the subscribers.
 * In pika: `exchange_declare('topic_logs', 'topic')`.
 */
export async function declare(channel: LabChannel): Promise<void> {
  await channel.assertExchange(EXCHANGE, 'topic', { durable: false });
}
