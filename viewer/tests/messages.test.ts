/** Each dot is a real message: what is drawn is compared with what the broker counts. */
import type { Channel } from 'amqplib';
import { expect } from 'vitest';
import { until } from './broker.ts';
import { test } from './lab.ts';

test('hello at 50 a second: a dot for each delivery, as many as the broker counts', async ({
  vhost,
  look,
}) => {
  const consumer = await (await vhost.program('consumer/01-hello')).createChannel();
  await consumer.assertQueue('hello', { durable: false });
  await consumer.consume('hello', () => {}, { noAck: true });
  const producer = await (await vhost.program('producer/01-hello')).createConfirmChannel();
  await look.shows('hello', '01-hello');

  const count = 300;
  let sent = 0;
  const { promise: all, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    producer.sendToQueue('hello', Buffer.from('Hello World!'), { messageId: `m${sent}` });
    sent += 1;
    if (sent === count) resolve();
  }, 20);
  await all;
  clearInterval(timer);
  await producer.waitForConfirms();

  await until(async () => expect(await vhost.delivered('hello')).toBe(count));
  await until(async () => expect(await look.count('deliver')).toBe(count));
  expect(await look.count('publish')).toBe(count);
  expect(await look.count('route')).toBe(count);
  expect(look.errors).toEqual([]);
});

test('fanout: one in, three out', async ({ vhost, look }) => {
  const program = await vhost.program('consumer/03-publish-subscribe');
  const channel = await program.createChannel();
  await channel.assertExchange('logs', 'fanout', { durable: false });
  for (const name of ['screen', 'disk', 'printer']) {
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'logs', '');
    await channel.consume(queue, () => {}, { noAck: true, consumerTag: name });
  }
  await look.shows('logs', 'everything', 'screen', 'disk', 'printer', 'private queue of printer');
  const producer = await (await vhost.program('producer/03-publish-subscribe')).createChannel();
  producer.publish('logs', '', Buffer.from('a line'));

  await until(async () => expect(await look.count('deliver')).toBe(3));
  expect(await look.count('publish')).toBe(1);
  expect(await look.count('route')).toBe(3);
});

test('topics: kern.critical lights two bindings, and one dot enters the queue of the pager', async ({
  vhost,
  look,
}) => {
  const channel = await (await vhost.program('consumer/05-topics')).createChannel();
  await channel.assertExchange('topic_logs', 'topic', { durable: false });
  for (const [queue, keys] of [
    ['pager', ['*.critical', 'kern.*']],
    ['auth', ['auth.#']],
  ] as const) {
    await channel.assertQueue(queue);
    for (const key of keys) await channel.bindQueue(queue, 'topic_logs', key);
    await channel.consume(queue, () => {}, { noAck: true });
  }
  await look.shows('*.critical', 'kern.*', 'auth.#', 'pager');
  const lit = look.page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const check = () => {
          const pills = [...document.querySelectorAll('.binding.lit .title')];
          if (pills.length > 0) resolve(pills.map((pill) => pill.textContent ?? ''));
          else requestAnimationFrame(check);
        };
        check();
      }),
  );
  const producer = await (await vhost.program('producer/05-topics')).createChannel();
  producer.publish('topic_logs', 'kern.critical', Buffer.from('The kernel panics'));

  expect((await lit).toSorted()).toEqual(['*.critical', 'kern.*']);
  await until(async () => expect(await look.count('deliver')).toBe(1));
  expect(await look.count('route')).toBe(1);
});

test('the default exchange and a key that is no queue: nothing passes it', async ({
  vhost,
  look,
}) => {
  const producer = await (await vhost.program('producer/x')).createChannel();
  await producer.assertQueue('there');
  await look.shows('there');
  producer.sendToQueue('nowhere', Buffer.from('lost'));
  await until(async () => expect(await look.count('dropped')).toBe(1));
  expect(await look.count('route')).toBe(0);
  expect(await look.text('.row.publish em')).toBe('no queue: dropped');
});

test('mandatory is returned, without it is dropped, and of both at once it says "or"', async ({
  vhost,
  look,
}) => {
  const producer = await (await vhost.program('producer/x')).createConfirmChannel();
  producer.on('return', () => {});
  await producer.assertExchange('empty', 'direct');
  await look.shows('empty');
  producer.publish('empty', 'a', Buffer.from('1'), { mandatory: true });
  await until(async () => expect(await look.count('returned')).toBe(1));
  producer.publish('empty', 'a', Buffer.from('2'));
  await until(async () => expect(await look.count('dropped')).toBe(1));
  producer.publish('empty', 'a', Buffer.from('3'), { mandatory: true });
  producer.publish('empty', 'a', Buffer.from('4'));
  await until(async () => expect(await look.count('dropped or returned')).toBe(2));
});

test('what a full queue refuses ends "not stored"', async ({ vhost, look }) => {
  const model = await vhost.program('producer/x');
  const producer = await model.createChannel();
  await producer.assertQueue('full', {
    arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' },
  });
  await look.shows('full');
  producer.sendToQueue('full', Buffer.from('first'), { messageId: 'first' });
  await until(async () => expect(await look.depth('full')).toBe('1 ready · 0 unacked'));
  producer.sendToQueue('full', Buffer.from('second'), { messageId: 'second' });
  await until(async () => expect(await look.count('not stored')).toBe(1));
  expect(await look.depth('full')).toBe('1 ready · 0 unacked');
  expect(await look.text('.row.not-stored')).toContain('full did not store it');
});

test('what is rolled back ends "not stored", and what is committed is in the queue', async ({
  vhost,
  look,
}) => {
  const producer = await (await vhost.program('producer/x')).createChannel();
  await producer.assertQueue('orders');
  await look.shows('orders');
  await until(async () => expect(await look.depth('orders')).toBe('0 ready · 0 unacked'));
  await transact(producer, 'select');
  producer.sendToQueue('orders', Buffer.from('yes'), { messageId: 'yes' });
  await transact(producer, 'commit');
  await until(async () => expect(await look.depth('orders')).toBe('1 ready · 0 unacked'));
  producer.sendToQueue('orders', Buffer.from('no'), { messageId: 'no' });
  await transact(producer, 'rollback');
  await until(async () => expect(await look.count('not stored')).toBe(1));
  expect(await look.count('route')).toBe(2);
  expect(await look.depth('orders')).toBe('1 ready · 0 unacked');
  await look.page.locator('.row.not-stored').click();
  expect(await look.text('.inspector .id')).toContain('no');
});

test('on a machine that is twenty times slower the first message of a new producer is drawn too', async ({
  vhost,
  look,
}) => {
  const consumer = await (await vhost.program('consumer/01-hello')).createChannel();
  await consumer.assertQueue('hello', { durable: false });
  await consumer.consume('hello', () => {}, { noAck: true });
  await look.shows('hello', '01-hello');
  const session = await look.page.context().newCDPSession(look.page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 20 });
  const producer = await (await vhost.program('producer/x')).createChannel();
  producer.sendToQueue('hello', Buffer.from('Hello World!'), { messageId: 'm' });
  await look.shows('hello', 'x', 'default exchange');
  await until(async () => expect(await look.page.locator('.row.deliver').count()).toBe(1));
  await until(async () => {
    const kinds = (await look.dots()).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['deliver', 'publish', 'route']);
  });
});

/** AMQP's class `tx` is number 90. amqplib has no methods for it. */
const TX = { select: 10, commit: 20, rollback: 30 };

function transact(channel: Channel, method: keyof typeof TX): Promise<unknown> {
  const id = (90 << 16) + TX[method];
  const { rpc } = channel as unknown as {
    rpc(method: number, fields: object, answer: number): Promise<unknown>;
  };
  return rpc.call(channel, id, {}, id + 1);
}
