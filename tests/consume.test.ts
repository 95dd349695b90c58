/**
 * Consumers whose callbacks fail, are slow, or lose their channel. The numbers are those of the
 * traps of amqplib 2.3.1. The programs are fixtures: their messages say what the callback does.
 */
import type { ConsumeMessage } from 'amqplib';
import { describe, expect, vi } from 'vitest';
import { ChannelError } from '../broker/client/errors.ts';
import { basicCancel, connectionBlocked } from './frames.ts';
import { test } from './lab.ts';

const CONSUMER = 'tests/fixtures/consumer.ts';

// 2: the error closes the channel; amqplib leaves the connection up and the consumer mute.
test('after an error on its channel the consumer goes on, on the same connection', async ({
  proxy,
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER, proxy.env);
  await consumer.waitForLine(/ready/);
  await vhost.send('work', 'ack twice');
  await consumer.waitForLine(
    /The channel was closed \(PRECONDITION_FAILED - unknown delivery tag 1\)\. Opening a new one\./,
  );
  await consumer.waitForLine(/Consuming again/);
  await vhost.send('work', 'nothing special');
  await consumer.waitForLine(/done "nothing special"/);
  expect(proxy.accepted).toHaveLength(1);
});

test('no message is handed over before `consume` has resolved, however early it comes', async ({
  proxy,
  start,
  vhost,
}) => {
  await vhost.declare('work');
  await vhost.send('work', 'nothing special');
  proxy.watch('basic.consume', () => proxy.holdBroker());
  const consumer = start(CONSUMER, proxy.env);
  await vhost.waitForQueue('work', { ready: 0, consumers: 1 });
  proxy.release(); // the answer to `consume`, and the message right behind it
  await consumer.waitForLine(/done/);
  expect(consumer.lines).toEqual(['ready', 'got "nothing special"', 'done "nothing special"']);
});

// 15: amqplib closes the channel with 541 in the first case, and leaves the second to Node.
describe('an error of the callback ends the program, and the message waits for another:', () => {
  test.for([
    ['throw', 'Error: thrown by the callback'],
    ['throw later', 'Error: thrown later by the callback'],
  ] as const)('%s', async ([order, error], { start, vhost }) => {
    const consumer = start(CONSUMER);
    await consumer.waitForLine(/ready/);
    await vhost.send('work', order);
    expect(await consumer.end()).toBe(1);
    expect(consumer.lines).toContain(error);
    expect(consumer.lines).toContainEqual(expect.stringMatching(/^ +at .*fixtures.consumer\.ts/));
    await vhost.waitForQueue('work', { ready: 1, consumers: 0 });
  });
});

// 14: amqplib never reports such an error.
test.for(['unroutable', 'connect-listener'])(
  "an error of a program's own listener ends it too: %s",
  async (fixture, { start }) => {
    const program = start(`tests/fixtures/${fixture}.ts`);
    expect(await program.end()).toBe(1);
    expect(program.lines).toContain('Error: thrown by a listener');
  },
);

test("an error of a program's own listener of `blocked` ends it too", async ({ start, proxy }) => {
  proxy.watch('channel.open-ok', () => connectionBlocked('low on memory'), 1);
  const program = start('tests/fixtures/blocked-listener.ts', proxy.env);
  expect(await program.end()).toBe(1);
  expect(program.lines).toContain('Error: thrown by a listener');
});

// C8: it was taken for the loss of this channel, and there was no channel any more, without a line.
test("another channel's IllegalOperationError in a callback ends the program like any other", async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/ready/);
  await vhost.send('work', 'use a closed channel');
  expect(await consumer.end()).toBe(1);
  expect(consumer.lines.join(' ')).toContain('IllegalOperationError: Channel closed');
});

describe('a message in hand', () => {
  // C6: the worker had two tasks in hand then.
  test('when the connection is cut is finished before anything is consumed anew', async ({
    proxy,
    start,
    vhost,
  }) => {
    proxy.watch('connection.tune', (frame) => frame.proposeHeartbeatOfOneSecond());
    const consumer = start(CONSUMER, proxy.env);
    await consumer.waitForLine(/ready/);
    await vhost.send('work', 'wait');
    await consumer.waitForLine(/got "wait"/);
    proxy.reset();
    await consumer.waitForLine(/Connected/);
    // A client beats when it has had nothing to send for a while: so no `consume` is on its way.
    await proxy.passing('heartbeat');
    expect(await vhost.queue('work')).toEqual({ ready: 1, consumers: 0 });
    consumer.proceed();
    await consumer.waitForLine(/got "wait" again/);
    expect(consumer.lines.map((line) => line.replace(/(Lost|Connected).*/, '$1'))).toEqual([
      'ready',
      'got "wait"',
      ' [!] Lost',
      ' [!] Connected',
      ' [!] The channel was lost before the ack. The message is delivered again, if its queue is there.',
      'done "wait"',
      ' [!] Consuming again.',
      'got "wait" again',
    ]);
    await vhost.waitForQueue('work', { ready: 0, consumers: 1 });
  });

  test('holds back no other consumer of its channel, and each has its own prefetch again', async ({
    open,
    proxy,
    vhost,
  }) => {
    const channel = await open(proxy.address).createChannel();
    const end = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const received = Promise.withResolvers<void>();
    const queues = ['unlimited', 'busy', 'free', 'further'] as const;
    for (const queue of queues) await channel.assertQueue(queue, { durable: false });
    await channel.consume('unlimited', () => {});
    await channel.prefetch(1);
    await channel.consume('busy', () => {
      taken.resolve();
      return end.promise;
    });
    await channel.prefetch(3);
    await channel.consume('free', () => received.resolve());
    await vhost.send('busy', 'x');
    await taken.promise;

    const again = proxy.passing('connection.start');
    proxy.reset();
    await again;
    await vhost.send('free', 'x');
    await received.promise;
    expect(await vhost.queue('busy')).toMatchObject({ consumers: 0 });
    end.resolve();
    await vhost.waitForQueue('busy', { ready: 0, consumers: 1 });
    await channel.consume('further', () => {});
    const prefetches = { unlimited: 0, busy: 1, free: 3, further: 3 };
    const look = async () => expect(await vhost.prefetches()).toEqual(prefetches);
    await vi.waitFor(look, { timeout: 30_000, interval: 250 });
  });

  // C4: the line said "the broker delivers the message again".
  test('whose queue is deleted can be acknowledged, and no line says that it comes again', async ({
    start,
    vhost,
  }) => {
    const consumer = start(CONSUMER);
    await consumer.waitForLine(/ready/);
    await vhost.send('work', 'wait');
    await consumer.waitForLine(/got "wait"/);
    await vhost.deleteQueue('work');
    await consumer.waitForLine(/cancelled the consumer of 'work'/);
    consumer.proceed();
    await consumer.waitForLine(/Consuming again/);
    await vhost.send('work', 'nothing special');
    await consumer.waitForLine(/done "nothing special"/);
    expect(consumer.all(/again/)).toEqual([' [!] Consuming again.']);
  });

  // C5: the whole channel was closed at once.
  test('from another queue keeps its ack when one consumer is cancelled', async ({
    open,
    vhost,
  }) => {
    const channel = await open().createChannel();
    const held = Promise.withResolvers<ConsumeMessage>();
    for (const queue of ['work', 'other']) await channel.assertQueue(queue, { durable: false });
    await channel.consume('work', held.resolve);
    await channel.consume('other', (message) => channel.ack(message));
    await vhost.send('work', 'x');
    const message = await held.promise;
    const late = new Promise((_, reject) => channel.once('late', () => reject(new Error('late'))));
    const again = new Promise((resolve) => channel.once('consuming', () => resolve('consuming')));

    await vhost.deleteQueue('other');
    expect(await Promise.race([again, late])).toBe('consuming');
    channel.ack(message);
    await channel.close(); // an ack that was lost would bring the message back
    expect(await vhost.queue('work')).toEqual({ ready: 0, consumers: 0 });
    await vhost.queue('other'); // it was declared again
  });
});

// RabbitMQ 4.3 does so when an ack from a quorum queue is late: the tag is taken until the client cancels it.
test('a consumer that the broker cancels and yet keeps consumes again, on the same connection', async ({
  open,
  proxy,
  vhost,
}) => {
  proxy.watch('basic.consume-ok', () => basicCancel('held'), 1);
  const channel = await open(proxy.address).createChannel();
  await channel.assertQueue('work', { durable: false });
  const again = new Promise<void>((resolve) => channel.once('consuming', resolve));
  const received = Promise.withResolvers<string>();
  const take = (message: ConsumeMessage) => {
    channel.ack(message);
    received.resolve(message.content.toString());
  };
  await channel.consume('work', take, { consumerTag: 'held' });
  await again;
  await vhost.send('work', 'nothing special');
  expect(await received.promise).toBe('nothing special');
  expect(proxy.accepted).toHaveLength(1);
});

test('a second channel that is lost alone comes back, and the first one goes on undisturbed', async ({
  open,
  vhost,
}) => {
  const connection = open();
  const [first, second] = [await connection.createChannel(), await connection.createChannel()];
  const received: string[] = [];
  for (const [name, channel] of Object.entries({ first, second })) {
    await channel.assertQueue(name, { durable: false });
    await channel.consume(name, (message) => {
      received.push(`${name} ${message.fields.redelivered}`);
      channel.ack(message);
    });
  }
  const lost = vi.fn();
  connection.on('lost', lost);
  first.on('lost', lost);
  const back = new Promise((resolve) => second.once('consuming', () => resolve(undefined)));
  second.nack({ fields: { deliveryTag: 99 } } as ConsumeMessage); // 406: no such delivery
  await back;
  await vhost.send('first', 'x');
  await vhost.send('second', 'x');
  const look = () => expect(received).toEqual(['first false', 'second false']);
  await vi.waitFor(look, { timeout: 30_000 });
  expect(lost).not.toHaveBeenCalled();
});

test('a queue that the broker has named is not left behind when only its channel is lost', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'amq.fanout', '');
  await channel.consume(queue, () => {}, { noAck: true });
  const back = new Promise((resolve) => channel.once('consuming', () => resolve(undefined)));
  channel.nack({ fields: { deliveryTag: 99 } } as ConsumeMessage); // 406: no such delivery
  await back;
  expect(await vhost.queues()).toEqual([queue]);
});

test('a queue that the broker has named keeps that name for the program after a reconnect', async ({
  open,
  proxy,
  vhost,
}) => {
  const channel = await open(proxy.address).createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'amq.fanout', 'key');
  const received: string[] = [];
  await channel.consume(queue, (message) => void received.push(`${message.content}`), {
    noAck: true,
  });
  const back = new Promise((resolve) => channel.once('consuming', () => resolve(undefined)));
  proxy.reset();
  await back;
  expect(await vhost.queues()).not.toContain(queue);
  await channel.publish('amq.fanout', 'key', Buffer.from('by the exchange'));
  await channel.publish('', queue, Buffer.from('by its name'));
  const look = () => expect(received).toEqual(['by the exchange', 'by its name']);
  await vi.waitFor(look, { timeout: 30_000 });
  expect(await channel.checkQueue(queue)).toMatchObject({ consumerCount: 1 });
});

test('a program that deletes the queue it consumes from does not declare it again', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  await channel.assertQueue('work', { durable: false });
  await channel.consume('work', () => {});
  const cancelled = vi.fn();
  channel.on('cancelled', cancelled);
  await channel.deleteQueue('work');
  await expect(channel.checkQueue('work')).rejects.toMatchObject({ code: 404 });
  await channel.assertQueue('other', { durable: false });
  expect(await vhost.queues()).toEqual(['other']);
  expect(cancelled).not.toHaveBeenCalled();
});

// The queue's process answers before it ends, and only its end cancels the consumers
// (rabbit_amqqueue_process.erl, terminate_delete; rabbit_channel.erl, handle_eol): in a packet of
// its own, when there is much to do.
test('nor when the broker cancels its consumer only after the queue is deleted', async ({
  open,
  proxy,
  vhost,
}) => {
  const channel = await open(proxy.address).createChannel();
  await channel.assertQueue('work', { durable: false });
  await channel.consume('work', () => {}, { consumerTag: 'mine' });
  const cancelled = vi.fn();
  channel.on('cancelled', cancelled);
  proxy.watch('basic.cancel', () => 'drop');
  await channel.deleteQueue('work');
  proxy.watch('queue.declare-ok', () => basicCancel('mine'), 1);
  await channel.assertQueue('other', { durable: false });
  expect(await vhost.queues()).toEqual(['other']);
  expect(cancelled).not.toHaveBeenCalled();
});

test('a call that is refused fails with its code, and the channel can be used again', async ({
  open,
}) => {
  const channel = await open().createChannel();
  await channel.assertQueue('work', { durable: false });
  const other = channel.assertQueue('work', { durable: true });
  const innocent = channel.checkQueue('work'); // waits behind it on the same channel
  await expect(other).rejects.toBeInstanceOf(ChannelError);
  await expect(other).rejects.toMatchObject({ code: 406, cause: { code: 406 } });
  expect(await innocent).toMatchObject({ queue: 'work' });
  await expect(channel.checkQueue('nowhere')).rejects.toMatchObject({ code: 404 });
  expect(await channel.checkQueue('work')).toMatchObject({ queue: 'work' });
});

// 18: the broker may still deliver on a channel that it has closed (rabbitmq-server #13384). amqplib
// then closes the connection ("Frame on unknown channel"), which is made again like any other.
test('a delivery behind the closing of its channel does not stop the consumer', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  await channel.assertQueue('work', { durable: false });
  const { promise: done, resolve } = Promise.withResolvers<void>();
  await channel.prefetch(1);
  await channel.consume('work', (message) => {
    channel.ack(message); // and the next one is on its way
    if (`${message.content}` === 'the last') resolve();
    else channel.ack(message); // 406: unknown delivery tag
  });
  await vhost.send('work', 'twice', 'twice', 'the last');
  await done;
  // Its ack may have been lost with the connection: then it is delivered again.
  await vhost.waitForQueue('work', { ready: 0, consumers: 1 });
});

test('after a thousand closings of its channel by the broker a consumer still consumes', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  await channel.assertQueue('work', { durable: false });
  const { promise: received, resolve } = Promise.withResolvers<string>();
  await channel.consume('work', (message) => resolve(`${message.content}`), { noAck: true });
  const { promise: closedEnough, resolve: stop } = Promise.withResolvers<void>();
  let closings = 0;
  const closeIt = () => {
    if (closings++ < 1000)
      channel.nack({ fields: { deliveryTag: 99 } } as ConsumeMessage); // 406
    else stop();
  };
  channel.on('consuming', closeIt);
  closeIt();
  await closedEnough;
  await vhost.send('work', 'x');
  expect(await received).toBe('x');
  expect(await vhost.queue('work')).toEqual({ ready: 0, consumers: 1 });
});
