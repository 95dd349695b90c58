/** What comes back on the next channel and how, and what must not come back. */
import { describe, expect, vi } from 'vitest';
import { test } from './lab.ts';

describe('a prefetch counts for the consumers after it:', () => {
  test('also for one that is lost before it was there, and is made on the next channel', async ({
    open,
    proxy,
    vhost,
  }) => {
    await vhost.declare('work');
    await vhost.send('work', 'a', 'b', 'c');
    proxy.watch('basic.consume', () => 'reset', 1);
    const channel = await open(proxy.address).createChannel();
    await channel.prefetch(1);
    await channel.consume('work', () => {});
    await vhost.waitForQueue('work', { ready: 2, consumers: 1 });
  });

  test('also when it is set while the channel is being restored', async ({
    open,
    proxy,
    vhost,
  }) => {
    const connection = open(proxy.address);
    const channel = await connection.createChannel();
    for (const queue of ['before', 'after']) await channel.assertQueue(queue, { durable: false });
    await channel.prefetch(1);
    await channel.consume('before', () => {});
    await channel.prefetch(3);
    proxy.refuse();
    proxy.reset();
    await new Promise((resolve) => connection.once('absent', resolve));
    const back = new Promise<void>((resolve) => channel.once('consuming', resolve));
    const set = channel.prefetch(5);
    await proxy.listen();
    await Promise.all([set, back]);
    await channel.consume('after', () => {});
    const look = async () => expect(await vhost.prefetches()).toEqual({ before: 1, after: 5 });
    await vi.waitFor(look, { timeout: 30_000, interval: 250 });
  });
});
