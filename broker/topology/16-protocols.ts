import type { Channel } from '../client/channel.ts';

/** The exchange to which MQTT and STOMP publish. It is in every vhost, declared by the broker. */
export const EXCHANGE = 'amq.topic';

/** The queue of the reader that speaks AMQP, and what it asks for: any sensor. */
export const QUEUE = 'readings';
export const PATTERN = 'sensors.#';

/**
 * What both sides assert: the queue that keeps the readings while its reader is away. In pika:
 * `queue_declare('readings', durable=True)`, `queue_bind('readings', 'amq.topic', 'sensors.#')`.
 */
export async function declare(channel: Channel): Promise<void> {
  await channel.assertQueue(QUEUE, { durable: true });
  await channel.bindQueue(QUEUE, EXCHANGE, PATTERN);
}
