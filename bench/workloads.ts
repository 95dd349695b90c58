/** The work that is measured. It is the same code for each client in Node; pika-client.py is its twin. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from './clients/client.ts';
import type { Task } from './measurement.ts';

/** How many messages a second `latency` sends. */
const RATE = 500;

/** Publishes `count` messages, up to `window` of them unconfirmed. Resolves at the last confirm. */
export function publish(client: Client, task: Task, count: number): Promise<void> {
  const { queue, size, persistent } = task;
  const window = task.window ?? count;
  const content = Buffer.alloc(size, 'x');
  let unsent = count;
  let unconfirmed = 0;
  return new Promise((resolve) => {
    const send = () => {
      for (; unsent > 0 && unconfirmed < window; unsent--) {
        unconfirmed++;
        client.publish(queue, content, { messageId: randomUUID(), persistent }, confirmed);
      }
    };
    const confirmed = () => {
      unconfirmed--;
      if (unsent > 0) send();
      else if (unconfirmed === 0) resolve();
    };
    send();
  });
}

/** Consumes and acks message by message what is in the queue; tells `acked` how many it has been. */
export function consume(client: Client, task: Task, acked: (count: number) => void) {
  const { queue, prefetch, queueType, waitMs } = task;
  let count = 0;
  const finish = (message: unknown) => {
    client.ack(message);
    acked(++count);
  };
  const waitAndFinish = async (message: unknown) => {
    await pause(waitMs);
    finish(message);
  };
  const args = queueType === 'stream' ? { 'x-stream-offset': 'first' } : {};
  return client.consume(queue, prefetch, args, waitMs > 0 ? waitAndFinish : finish);
}

/**
 * Publishes at a steady rate, and resolves with how long each message took, in milliseconds.
 * `begun` is called when those that only warm up have been sent.
 */
export async function latency(client: Client, task: Task, begun: () => void): Promise<number[]> {
  const total = task.warmUp + task.count;
  const sentAt: number[] = [];
  const took: number[] = [];
  const { promise: allCame, resolve } = Promise.withResolvers<void>();
  await client.consume(task.queue, task.prefetch, {}, (message) => {
    const bytes = client.contentOf(message);
    const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    took[number] = performance.now() - (sentAt[number] ?? Number.NaN);
    client.ack(message);
    if (number === total - 1) resolve();
  });
  const begin = performance.now();
  // By the clock and not by the timers, which come late now and then: the rate holds.
  while (sentAt.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - begin) / 1000) * RATE));
    while (sentAt.length < due) {
      if (sentAt.length === task.warmUp) begun();
      const content = Buffer.alloc(task.size);
      content.writeUInt32BE(sentAt.length);
      sentAt.push(performance.now());
      const properties = { messageId: randomUUID(), persistent: task.persistent };
      client.publish(task.queue, content, properties, ignore);
    }
    await pause(1);
  }
  await allCame;
  return took.slice(task.warmUp);
}

function ignore(): void {}
