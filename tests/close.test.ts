/** close() in every state: what is in hand is finished, and whoever waits for something is told. */
import type { ConsumeMessage } from 'amqplib';
import { expect, vi } from 'vitest';
import { test } from './lab.ts';

test('close() waits for what a cancelled consumer has in hand', async ({ open, vhost }) => {
  const channel = await open().createChannel();
  await channel.assertQueue('work', { durable: false });
  const taken = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const { consumerTag } = await channel.consume('work', async (message) => {
    taken.resolve();
    await end.promise;
    channel.ack(message);
  });
  await vhost.send('work', 'x');
  await taken.promise;
  await channel.cancel(consumerTag);
  expect(channel.inHand).toBe(1);
  const closed = channel.close();
  await vhost.queue('work'); // time enough to close at once
  end.resolve();
  await closed;
  expect(await vhost.queue('work')).toEqual({ ready: 0, consumers: 0 });
  expect(channel.inHand).toBe(0);
});

test('a message that is published while the channel waits for its last confirms is refused', async ({
  open,
  proxy,
  vhost,
}) => {
  await vhost.declare('work');
  const channel = await open(proxy.address).createChannel();
  proxy.holdBroker();
  const sent = proxy.passing('basic.publish');
  const first = channel.sendToQueue('work', Buffer.from('x'));
  const closed = channel.close();
  await sent;
  const late = channel.sendToQueue('work', Buffer.from('y'));
  proxy.release();
  await expect(late).rejects.toMatchObject({ code: 'CLOSED' });
  await Promise.all([first, closed]);
});

test('a channel that is closed while it is being restored leaves none open behind it', async ({
  open,
  proxy,
}) => {
  const channel = await open(proxy.address).createChannel();
  await channel.assertQueue('work', { durable: false });
  const declaring = proxy.passing('queue.declare');
  proxy.watch('queue.declare', () => proxy.holdBroker(), 1);
  channel.nack({ fields: { deliveryTag: 99 } } as ConsumeMessage); // 406: no such delivery
  await declaring;
  await channel.close();
  const closing = proxy.passing('channel.close');
  proxy.release();
  await closing;
});

test('whoever waits for a channel is told when the connection is closed', async ({
  open,
  proxy,
}) => {
  proxy.refuse();
  const [absent, used] = [open(proxy.address), open()];
  const waiting = absent.createChannel();
  const outcome = expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
  await absent.close();
  await outcome;
  await used.createChannel();
  await used.close();
  await expect(used.createChannel()).rejects.toMatchObject({ code: 'CLOSED' });
});

test('that a channel is closed is told once, however often it is closed', async ({ open }) => {
  const channel = await open().createChannel();
  const close = vi.fn();
  channel.on('close', close);
  await Promise.all([channel.close(), channel.close()]);
  await channel.close();
  expect(close).toHaveBeenCalledTimes(1);
});

test('a consumer that is made while the channel is being closed gets no message', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  for (const queue of ['work', 'other']) await channel.assertQueue(queue, { durable: false });
  const taken = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  await channel.consume('work', () => {
    taken.resolve();
    return end.promise;
  });
  await vhost.send('work', 'x');
  await vhost.send('other', 'x');
  await taken.promise;
  const closed = channel.close();
  await vhost.waitForQueue('work', { ready: 0, consumers: 0 });
  const received = vi.fn();
  await channel.consume('other', received);
  await vhost.waitForQueue('other', { ready: 0, consumers: 1 });
  await channel.checkQueue('other'); // its answer comes behind the message
  end.resolve();
  await closed;
  expect(received).not.toHaveBeenCalled();
});

test('a callback that answers on another channel of the connection is waited for, with a channel that it makes', async ({
  open,
  vhost,
}) => {
  const connection = open();
  const [takes, answers] = [await connection.createChannel(), await connection.createChannel()];
  await takes.assertQueue('work', { durable: false });
  await answers.assertQueue('answers', { durable: false });
  const taken = Promise.withResolvers<void>();
  const closing = Promise.withResolvers<void>();
  await takes.consume('work', async (message) => {
    taken.resolve();
    await closing.promise;
    await answers.sendToQueue('answers', Buffer.from('by a channel that is there'));
    const another = await connection.createChannel();
    await another.sendToQueue('answers', Buffer.from('by one more'));
    takes.ack(message);
  });
  await vhost.send('work', 'x');
  await taken.promise;
  const closed = connection.close();
  await vhost.queue('work'); // time enough to close the channel that has nothing in hand
  closing.resolve();
  await closed;
  expect(await vhost.queue('answers')).toMatchObject({ ready: 2 });
  expect(await vhost.queue('work')).toEqual({ ready: 0, consumers: 0 });
});

test('a connection that is lost while a callback is waited for is not waited for', async ({
  open,
  proxy,
  vhost,
}) => {
  const connection = open(proxy.address);
  const [takes, answers] = [await connection.createChannel(), await connection.createChannel()];
  await takes.assertQueue('work', { durable: false });
  const taken = Promise.withResolvers<void>();
  const closing = Promise.withResolvers<void>();
  const refused = Promise.withResolvers<string>();
  await takes.consume('work', async () => {
    taken.resolve();
    await closing.promise;
    await answers.sendToQueue('work', Buffer.from('an answer')).catch(() => {});
    await connection.createChannel().catch(({ code }) => refused.resolve(code));
  });
  await vhost.send('work', 'x');
  await taken.promise;
  const closed = connection.close().catch(({ code }) => code);
  proxy.refuse();
  proxy.reset();
  closing.resolve();
  expect(await closed).toBe('LEFT_BEHIND');
  expect(await refused.promise).toBe('CLOSED');
});

test('a call behind one that amqplib can not write is told when the channel is closed', async ({
  open,
}) => {
  const channel = await open().createChannel();
  const outcomes = Promise.allSettled([channel.prefetch(70_000), channel.checkQueue('work')]);
  await new Promise((resolve) => process.nextTick(resolve));
  await channel.close();
  expect(await outcomes).toEqual([
    { status: 'rejected', reason: expect.any(RangeError) },
    { status: 'rejected', reason: expect.objectContaining({ code: 'CLOSED' }) },
  ]);
  await expect(channel.checkQueue('work')).rejects.toMatchObject({ code: 'CLOSED' });
});
