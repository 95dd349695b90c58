import type { Channel } from '../client/channel.ts';

/** The stream: a queue that keeps its messages after they were read. */
export const STREAM = 'readings';

/**
 * How much the stream keeps, in bytes, and how it is cut: into segment files of this size. Only
 * whole segments are removed, the oldest first: what stays may be up to a segment more or less.
 * Without `x-max-length-bytes` or `x-max-age` a stream grows until the disk is full.
 */
export const RETENTION = {
  'x-max-length-bytes': 2_000_000,
  'x-stream-max-segment-size-bytes': 500_000,
};

/** What both sides assert. A stream is durable, and its messages are always written to its files. */
export async function declare(channel: Channel): Promise<void> {
  await channel.assertQueue(STREAM, {
    durable: true,
    arguments: { 'x-queue-type': 'stream', ...RETENTION },
  });
}
