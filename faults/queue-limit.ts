/** Queues that take no more than so many messages, and reject the others. */
import { setTimeout as pause } from 'node:timers/promises';
import { withChannel } from './broker-channel.ts';
import type { Lab } from './lab.ts';
import { ROWS } from './rows.ts';

/** How long the queues may take to be nearly empty, in milliseconds. */
const EMPTY_DEADLINE_MS = 30_000;

/** A policy for all queues: at most `room` messages, then a publisher is told that it was refused. */
export async function rejectBeyond(lab: Lab, room: number): Promise<void> {
  const limit = JSON.stringify({ 'max-length': room, overflow: 'reject-publish' });
  await lab.run('broker', 'rabbitmqctl', '-q', 'set_policy', 'room', '.*', limit);
}

/**
 * All that comes later has room again. The limit isn't removed: on RabbitMQ 3.10 a quorum queue that
 * rejects tells its publishers to go on when it is well below its limit, and if it has none, never
 * (rabbit_fifo.erl, `evaluate_limit`; later versions do).
 */
export function takeAgain(lab: Lab): Promise<void> {
  return rejectBeyond(lab, 1_000_000);
}

/** Resolves when each queue that can have a limit holds fewer messages than that. */
export async function nearlyEmpty(fewer: number): Promise<void> {
  const deadline = AbortSignal.timeout(EMPTY_DEADLINE_MS);
  const queues = ROWS.filter(({ queue }) => queue !== 'stream');
  await withChannel(async (channel) => {
    for (const { name } of queues) {
      while ((await channel.checkQueue(name)).messageCount >= fewer) {
        deadline.throwIfAborted();
        await pause(50);
      }
    }
  });
}
