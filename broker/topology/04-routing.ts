import type { LabChannel } from '../channel.ts';

/** Passes a message to the queues that are bound with exactly its routing key. */
export const EXCHANGE = 'direct_logs';

/** How bad a line of the log is: the routing keys of this lesson. */
export const SEVERITIES = ['debug', 'info', 'warning', 'error'];

/**
 * What both sides assert: the exchange. The queues and their bindings belong to the subscribers.
 * In pika: `exchange_declare('direct_logs', 'direct')`.
 */
export async function declare(channel: LabChannel): Promise<void> {
  await channel.assertExchange(EXCHANGE, 'direct', { durable: false });
}
