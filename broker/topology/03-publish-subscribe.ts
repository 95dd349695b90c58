import type { LabChannel } from '../channel.ts';

/** Gives a copy of each message to every queue that is bound to it. */
export const EXCHANGE = 'logs';

/**
 * What both sides assert: the exchange and no queue. Whoever wants the messages brings a queue of
 * its own. `durable: false`: the exchange is gone when the broker restarts. It is also what pika's
 * `exchange_declare('logs', 'fanout')` makes, so a Python program can take part.
 */
export async function declare(channel: LabChannel): Promise<void> {
  await channel.assertExchange(EXCHANGE, 'fanout', { durable: false });
}
