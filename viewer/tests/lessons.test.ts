/** What the lessons show: consumers that die, dead letters, a purge, another lesson. */
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { api, until } from './broker.ts';
import { test } from './lab.ts';

test('a worker that holds five is killed: five return, five come again, none is settled', async ({
  vhost,
  look,
}) => {
  const first = await vhost.program('consumer/02-work-queue');
  const worker = await first.createChannel();
  await worker.assertQueue('task_queue', { durable: true });
  await worker.prefetch(5);
  await worker.consume('task_queue', () => {});
  await look.shows('task_queue', '02-work-queue');
  const producer = await (await vhost.program('producer/02-work-queue')).createChannel();
  for (const n of [1, 2, 3, 4, 5])
    producer.sendToQueue('task_queue', Buffer.from(`Task ${n}`), { messageId: `task ${n}` });
  await until(async () => expect(await look.depth('task_queue')).toBe('0 ready · 5 unacked'));

  // As a program that is killed: no goodbye.
  (first.connection as unknown as { stream: Socket }).stream.destroy();
  await until(async () => expect(await look.count('back')).toBe(5));
  await until(async () => expect(await look.depth('task_queue')).toBe('5 ready · 0 unacked'));
  const other = await (await vhost.program('consumer/other')).createChannel();
  await other.consume('task_queue', () => {});
  await until(async () => expect(await look.count('redeliver')).toBe(5));
  expect(await look.page.locator('.row.settled').allInnerTexts()).toEqual([]);
});

test('a dead letter into a queue that nobody reads is drawn hollow, and a get fills it', async ({
  vhost,
  look,
}) => {
  const model = await vhost.program('consumer/11-dead-letter');
  const worker = await model.createChannel();
  await worker.assertExchange('dead', 'fanout');
  await worker.assertQueue('parked');
  await worker.bindQueue('parked', 'dead', '');
  await worker.assertQueue('jobs', { deadLetterExchange: 'dead' });
  await worker.consume('jobs', (job) => job && worker.reject(job, false));
  await look.shows('jobs', 'dead', 'parked');
  await until(async () => expect(await look.depth('parked')).toBe('0 ready · 0 unacked'));
  worker.sendToQueue('jobs', Buffer.from('Job 1'), { messageId: 'job 1' });

  await until(async () => {
    expect(await look.dots('dead')).toMatchObject([{ proof: 'counted' }]);
  });
  await until(async () => expect(await look.text('.row.dead')).toContain('rejected'));
  expect(await look.depth('parked')).toBe('1 ready · 0 unacked');
  const getter = await (await vhost.program('consumer/look')).createChannel();
  await getter.get('parked');
  await until(async () => {
    expect((await look.dots('dead')).map(({ proof }) => proof)).toEqual(['counted', 'seen']);
  });
  // RabbitMQ 4.3 calls it redelivered, since it was delivered once before it was rejected.
  const latest = look.page.locator('.row', { hasText: 'parked →' }).first();
  await until(async () => expect(await latest.innerText()).toContain('was rejected'));
});

test('a message that expires and comes back through the default exchange takes the dashed lane', async ({
  vhost,
  look,
}) => {
  const channel = await (await vhost.program('consumer/11-dead-letter')).createChannel();
  await channel.assertQueue('jobs');
  await channel.assertQueue('retry', {
    messageTtl: 1000,
    deadLetterExchange: '',
    deadLetterRoutingKey: 'jobs',
  });
  await channel.consume('jobs', () => {}, { noAck: true });
  await look.shows('jobs', 'retry', 'default exchange');
  channel.sendToQueue('retry', Buffer.from('again'), { messageId: 'again' });
  await until(async () => expect(await look.dots('dead')).toMatchObject([{ proof: 'seen' }]));
  await until(async () => expect(await look.count('deliver')).toBe(1));
  await until(async () => expect(await look.text('.row.deliver')).toContain('was expired'));
});

test('a purge while paused changes nothing; live again there is nothing, and nothing was delivered', async ({
  vhost,
  look,
}) => {
  const producer = await (await vhost.program('producer/x')).createChannel();
  await producer.assertQueue('pile');
  await look.shows('pile');
  for (const n of [1, 2, 3])
    producer.sendToQueue('pile', Buffer.from(`${n}`), { messageId: `${n}` });
  await until(async () => expect(await look.depth('pile')).toBe('3 ready · 0 unacked'));
  await look.page.keyboard.press(' ');
  await until(async () => expect(await look.text('.phase')).toContain('PAUSED'));
  const picture = await look.page.locator('#graph').innerHTML();

  await api('DELETE', `queues/${vhost.name}/pile/contents`);
  await until(async () => expect(await look.text('.phase')).toMatch(/PAUSED · \d+ newer/));
  expect(await look.page.locator('#graph').innerHTML()).toBe(picture);
  expect(await look.depth('pile')).toBe('3 ready · 0 unacked');
  await look.page.keyboard.press('End');
  await until(async () => expect(await look.depth('pile')).toBe('0 ready · 0 unacked'));
  expect(await look.count('deliver')).toBe(0);
});

test('another lesson is started while the page is open: the old one fades, the new one is there', async ({
  vhost,
  look,
}) => {
  const hello = await vhost.program('consumer/01-hello');
  const channel = await hello.createChannel();
  await channel.assertQueue('hello', { autoDelete: true });
  await channel.consume('hello', () => {}, { noAck: true });
  await look.shows('hello', '01-hello');
  await hello.close();
  await look.page.locator('.node.ghost .title', { hasText: 'hello' }).first().waitFor();

  const logs = await (await vhost.program('consumer/03-publish-subscribe')).createChannel();
  await logs.assertExchange('logs', 'fanout', { durable: false });
  const { queue } = await logs.assertQueue('', { exclusive: true });
  await logs.bindQueue(queue, 'logs', '');
  await logs.consume(queue, () => {}, { noAck: true, consumerTag: 'screen' });
  await look.shows('logs', 'everything', 'private queue of screen', 'screen');
  await until(async () => expect(await look.page.locator('.node.ghost').count()).toBe(0), 20_000);
});
