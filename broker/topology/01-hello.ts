import type { LabChannel } from '../channel.ts';

/** The one queue of this lesson. */
export const QUEUE = 'hello';

/**
 * What both sides assert, since no one knows which of them starts first.
 * `durable: false`: the queue is gone when the broker restarts. It is also what pika's
 * `queue_declare(queue='hello')` makes, so a Python program can take part.
 */
export async function declare(channel: LabChannel): Promise<void> {
  await channel.assertQueue(QUEUE, { durable: false });
}
