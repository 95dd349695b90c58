import type { Channel } from '../client/channel.ts';

/** Where jobs wait for a worker. */
export const JOBS = 'jobs';
/** How many jobs may wait there; one more, and the oldest of them becomes a dead letter. */
export const MOST_JOBS = 5;
/** Where the broker publishes what died in {@link JOBS}: the dead letter exchange. */
export const DEAD = 'dead';
/** Where dead letters stay until a person has looked at them: the parking lot. */
export const PARKED = 'parked';
/** How long to wait before the second, third and fourth attempt, in milliseconds. */
export const DELAYS_MS = [1000, 2000, 4000] as const;

/** The name of the queue in which a job waits for its next attempt. */
export function retryQueue(delayMs: number): string {
  return `retry-${delayMs / 1000}s`;
}

/**
 * What both sides assert. Three things make a message of {@link JOBS} a dead letter: a consumer
 * rejects it, its time is over, or the queue is too long. A retry queue has no consumer: each of
 * its messages dies when the delay is over, and the default exchange puts it back into JOBS.
 *
 * Source: "Dead Letter Exchanges" and "Time-To-Live and Expiration" in the RabbitMQ documentation.
 */
export async function declare(channel: Channel): Promise<void> {
  await channel.assertExchange(DEAD, 'fanout', { durable: true });
  await channel.assertQueue(PARKED, { durable: true });
  await channel.bindQueue(PARKED, DEAD, '');

  const deadLetterExchange = DEAD;
  await channel.assertQueue(JOBS, { durable: true, maxLength: MOST_JOBS, deadLetterExchange });

  for (const messageTtl of DELAYS_MS) {
    const back = { deadLetterExchange: '', deadLetterRoutingKey: JOBS };
    await channel.assertQueue(retryQueue(messageTtl), { durable: true, messageTtl, ...back });
  }
}
