import type { LabChannel } from '../channel.ts';

/** The one queue of this lesson, to be looked into like a letter box. */
export const QUEUE = 'letters';

/** What both sides assert. `durable`: it outlives the broker, so that a letter can wait for days. */
export async function declare(channel: LabChannel): Promise<void> {
  await channel.assertQueue(QUEUE, { durable: true });
}
