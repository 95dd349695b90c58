import type { LabChannel } from '../channel.ts';

/** The queue that holds the tasks until a worker is free. */
export const QUEUE = 'task_queue';

/**
 * What both sides assert. `durable`: the queue is still there after the broker restarts, and in it
 * those messages that were published as persistent. In pika:
 * `queue_declare('task_queue', durable=True)`.
 */
export async function declare(channel: LabChannel): Promise<void> {
  await channel.assertQueue(QUEUE, { durable: true });
}
