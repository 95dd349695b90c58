/** What comes back on the next channel and how, and what must not come back. */
import type { ConsumeMessage } from 'amqplib';
import { describe, expect, vi } from 'vitest';
import type { Channel } from '../broker/client/channel.ts';
import type { Vhost } from './broker.ts';
import { test } from './lab.ts';

/** Brings about a 406 (no such delivery), and waits until the channel is lost by it. */
async function loseChannel(channel: Channel): Promise<void> {
  const lost = new Promise<void>((resolve) => channel.once('lost', () => resolve()));
  channel.nack({ fields: { deliveryTag: 99 } } as ConsumeMessage);
  await lost;
}

/** A consumer of "work" whose callback has taken a message and ends when it is told to. */
async function consumeSlowly(channel: Channel, vhost: Vhost) {
  const taken = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  await channel.assertQueue('work', { durable: false });
  const { consumerTag } = await channel.consume('work', () => {
    taken.resolve();
    return end.promise;
  });
  await vhost.send('work', 'x');
  await taken.promise;
  return { consumerTag, end: end.resolve };
}

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

describe('a consumer that was busy at a loss and whose callback ends', () => {
  test('while it is being cancelled does not come back', async ({ open, proxy, vhost }) => {
    const channel = await open(proxy.address).createChannel();
    const { consumerTag, end } = await consumeSlowly(channel, vhost);
    proxy.reset();
    await proxy.waitForConnections(2);
    await channel.checkQueue('work');
    end();
    await channel.cancel(consumerTag);
    await channel.checkQueue('work'); // behind a `consume`, if there is one
    await vhost.waitForQueue('work', { ready: 1, consumers: 0 });
  });

  test('while its queue is being deleted is not refused', async ({ open, proxy, vhost }) => {
    const channel = await open(proxy.address).createChannel();
    const { end } = await consumeSlowly(channel, vhost);
    proxy.reset();
    await proxy.waitForConnections(2);
    await channel.checkQueue('work');
    const refused = vi.fn();
    channel.on('refused', refused);
    end();
    await channel.deleteQueue('work');
    await channel.checkExchange('amq.topic');
    expect(refused).not.toHaveBeenCalled();
    expect(await vhost.queues()).toEqual([]);
  });
});

test('each loss of a channel is told, also while a consumer is busy since the one before', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  await consumeSlowly(channel, vhost);
  for (let losses = 0; losses < 3; losses++) {
    await loseChannel(channel);
    await channel.checkQueue('work');
  }
});

test('a binding that was undone stays undone', async ({ open, vhost }) => {
  const channel = await open().createChannel();
  await channel.assertQueue('work', { durable: false });
  await channel.bindQueue('work', 'amq.topic', 'key');
  await channel.unbindQueue('work', 'amq.topic', 'key', {});
  await loseChannel(channel);
  await channel.publish('amq.topic', 'key', Buffer.from('x'));
  expect(await vhost.queue('work')).toMatchObject({ ready: 0 });
});

test('an exchange comes back although a queue of its name was deleted', async ({ open, vhost }) => {
  const channel = await open().createChannel();
  await channel.assertExchange('logs', 'fanout', { durable: false });
  await channel.assertQueue('logs', { durable: false });
  await channel.deleteQueue('logs');
  await (await (await vhost.client()).createChannel()).deleteExchange('logs');
  await loseChannel(channel);
  await channel.checkExchange('logs');
});

test('an auto-delete queue does not come back after its last consumer was cancelled', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  await channel.assertQueue('work', { autoDelete: true, durable: false });
  const { consumerTag } = await channel.consume('work', () => {});
  await channel.cancel(consumerTag);
  await loseChannel(channel);
  await channel.checkExchange('amq.topic');
  expect(await vhost.queues()).toEqual([]);
});

test('two consumers of a queue that the broker has named share one again after its deletion', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  const { queue } = await channel.assertQueue('', { durable: false });
  for (let consumers = 0; consumers < 2; consumers++) await channel.consume(queue, () => {});
  let back = 0;
  const both = new Promise<void>((resolve) =>
    channel.on('consuming', () => void (++back === 2 && resolve())),
  );
  await vhost.deleteQueue(queue);
  await both;
  expect(await vhost.queues()).toHaveLength(1);
  expect(await channel.checkQueue(queue)).toMatchObject({ consumerCount: 2 });
});

test('an ack that comes too late is told once, though the listener throws', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  await channel.assertQueue('work', { durable: false });
  const held = Promise.withResolvers<ConsumeMessage>();
  await channel.consume('work', held.resolve);
  await vhost.send('work', 'x');
  const message = await held.promise;
  await loseChannel(channel);
  const late = vi.fn(() => {
    throw new Error('thrown by a listener');
  });
  channel.on('late', late);
  expect(() => channel.ack(message)).toThrow('thrown by a listener');
  expect(late).toHaveBeenCalledTimes(1);
});

test('a call that amqplib can not write is an error of that call alone', async ({ open }) => {
  const channel = await open().createChannel();
  await channel.assertQueue('work', { durable: false });
  await channel.prefetch(1);
  await expect(channel.prefetch(70_000)).rejects.toThrow(RangeError);
  await expect(channel.checkQueue('x'.repeat(256))).rejects.toThrow();
  expect(await channel.checkQueue('work')).toMatchObject({ queue: 'work' });
});

test('a channel more than the broker allows is an error, and those that are there go on', async ({
  open,
  proxy,
}) => {
  proxy.watch('connection.tune', (frame) => frame.allowOneChannel());
  const connection = open(proxy.address);
  const channel = await connection.createChannel();
  await expect(connection.createChannel()).rejects.toThrow('No channels left');
  await channel.assertQueue('work', { durable: false });
  await channel.close();
  await connection.createChannel();
  expect(proxy.accepted).toHaveLength(1);
});

test('a channel that finds no number when it comes back tries again, and the others go on', async ({
  open,
  proxy,
  vhost,
}) => {
  proxy.watch('connection.tune', (frame) => frame.allowOneChannel());
  const connection = open(proxy.address);
  const channel = await connection.createChannel();
  await channel.assertQueue('work', { durable: false });
  await loseChannel(channel);
  const other = await connection.createChannel(); // it takes the number
  const declared = channel.assertQueue('more', { durable: false });
  await other.checkQueue('work');
  await other.close();
  await declared;
  expect(await vhost.queues()).toEqual(['more', 'work']);
  expect(proxy.accepted).toHaveLength(1);
});

test('what a consumer without acks was sent while another one was refused is not lost', async ({
  open,
  proxy,
  vhost,
}) => {
  const channel = await open(proxy.address).createChannel();
  await vhost.declare('work');
  await vhost.declare('other');
  const received: string[] = [];
  const take = (message: ConsumeMessage) => void received.push(`${message.content}`);
  await channel.consume('work', take, { noAck: true });
  await channel.consume('other', () => {});
  proxy.refuse();
  proxy.reset();
  await vhost.deleteQueue('other');
  await vhost.send('work', 'a', 'b');
  const refused = new Promise((resolve) => channel.once('refused', resolve));
  await proxy.listen();
  await refused;
  const back = new Promise<void>((resolve) => channel.once('consuming', () => resolve()));
  await vhost.declare('other');
  await back;
  await vi.waitFor(() => expect(received).toEqual(['a', 'b']), { timeout: 30_000 });
});

test('a consumer that is cancelled before its answer was there does not come back', async ({
  open,
  proxy,
  vhost,
}) => {
  const channel = await open(proxy.address).createChannel();
  await channel.assertQueue('work', { durable: false });
  const consuming = channel.consume('work', () => {}, { consumerTag: 'mine' });
  await channel.cancel('mine');
  await consuming;
  proxy.reset();
  await proxy.waitForConnections(2);
  await channel.checkQueue('work');
  await channel.checkQueue('work'); // behind a `consume`, if there is one
  expect(await vhost.queue('work')).toMatchObject({ consumers: 0 });
});

describe('a queue that the broker has named and that is not exclusive', () => {
  test('is the same after a reconnect', async ({ open, proxy, vhost }) => {
    const channel = await open(proxy.address).createChannel();
    const { queue } = await channel.assertQueue('');
    proxy.reset();
    await proxy.waitForConnections(2);
    await channel.sendToQueue(queue, Buffer.from('x'));
    expect(await vhost.queue(queue)).toMatchObject({ ready: 1 });
    expect(await vhost.queues()).toEqual([queue]);
  });

  test('is another one if it is gone by then', async ({ open, proxy, vhost }) => {
    const channel = await open(proxy.address).createChannel();
    const { queue } = await channel.assertQueue('');
    await vhost.deleteQueue(queue);
    proxy.reset();
    await proxy.waitForConnections(2);
    await channel.sendToQueue(queue, Buffer.from('x'));
    const [other = ''] = await vhost.queues();
    expect(other).not.toBe(queue);
    expect(await vhost.queue(other)).toMatchObject({ ready: 1 });
  });
});
