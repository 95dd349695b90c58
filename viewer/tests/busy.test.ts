/** What the page does when there is more than it can draw, and when there is no broker. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Channel } from 'amqplib';
import { expect, onTestFinished } from 'vitest';
import { restartBroker, until } from './broker.ts';
import { type Look, test } from './lab.ts';

/** Publishes so many a second until it is stopped. */
function flood(channel: Channel, queue: string, perSecond: number): () => void {
  let sent = 0;
  const began = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1000) * perSecond;
    for (; sent < due; sent++)
      channel.sendToQueue(queue, Buffer.alloc(100), { messageId: `m${sent}` });
  }, 10);
  const stop = () => clearInterval(timer);
  onTestFinished(stop);
  return stop;
}

async function helloIn(vhost: {
  program(name: string): Promise<{ createChannel(): Promise<Channel> }>;
}) {
  const channel = await (await vhost.program('consumer/01-hello')).createChannel();
  await channel.assertQueue('hello', { durable: false });
  await channel.consume('hello', () => {}, { noAck: true });
  return (await vhost.program('producer/01-hello')).createChannel();
}

const late = (look: Look) =>
  look.page.evaluate(() => Number(document.documentElement.dataset.late));
const drawing = (look: Look) => look.page.locator('.banner').getAttribute('data-draw');

async function heapOf(look: Look): Promise<number> {
  const session = await look.page.context().newCDPSession(look.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1024 / 1024;
}

test('200 a second: some of the messages are drawn, and it says how many', async ({
  vhost,
  look,
}) => {
  const producer = await helloIn(vhost);
  await look.shows('hello', '01-hello');
  const stop = flood(producer, 'hello', 200);
  await until(async () =>
    expect(await look.text('.banner')).toMatch(/1 of \d+ messages shown · \d+\/s/),
  );
  // Whole journeys: each that is drawn is drawn to its end.
  const since = (await look.dots()).length;
  await until(async () => expect((await look.dots()).length).toBeGreaterThan(since + 60));
  stop();
  await until(async () => expect(await drawing(look)).toBe('each'));
  await until(async () => {
    const published = await look.count('publish');
    expect(await look.count('route')).toBe(published);
    expect(await look.count('deliver')).toBe(published);
  });
});

test('800 a second: counters only, less than a second late, memory stays; then it draws again', async ({
  vhost,
  look,
}) => {
  const producer = await helloIn(vhost);
  await look.shows('hello', '01-hello');
  const stop = flood(producer, 'hello', 800);
  await until(async () => expect(await look.text('.banner')).toContain('Counters only'));
  const before = await heapOf(look);
  const latest: number[] = [];
  for (let second = 0; second < 8; second++) {
    await pause(1000); // a measurement over time, not a wait for something
    latest.push(await late(look));
  }
  expect(await drawing(look)).toBe('counters');
  await until(async () =>
    expect(await look.page.locator('.node.queue').textContent()).toMatch(
      /\d{3}\/s in · \d{3}\/s out/,
    ),
  );
  expect(Math.max(...latest)).toBeLessThan(1000);
  expect((await heapOf(look)) - before).toBeLessThan(10);
  stop();
  await until(async () => expect(await drawing(look)).toBe('each'));
  const drawn = await look.count('deliver');
  producer.sendToQueue('hello', Buffer.from('one more'), { messageId: 'one more' });
  await until(async () => expect(await look.count('deliver')).toBeGreaterThan(drawn));
});

test('the broker is restarted: the page says so, and then goes on by itself', async ({
  vhost,
  look,
}) => {
  const channel = await (await vhost.program('producer/x')).createChannel();
  await channel.assertQueue('lasting', { durable: true });
  channel.sendToQueue('lasting', Buffer.from('kept'), { persistent: true, messageId: 'kept' });
  await until(async () => expect(await look.depth('lasting')).toBe('1 ready · 0 unacked'));
  const restarted = restartBroker();
  await until(
    async () => expect(await look.text('.banner')).toMatch(/Lost the broker|Cannot see the broker/),
    40_000,
  );
  await restarted;
  await until(async () => expect(await look.text('.banner')).toBe(''), 40_000);
  await until(async () => expect(await look.depth('lasting')).toBe('1 ready · 0 unacked'));
  expect(await vhost.tracing()).toBe(true);
  const again = await (await vhost.program('consumer/x')).createChannel();
  await again.consume('lasting', () => {}, { noAck: true });
  await until(async () =>
    expect((await look.count('redeliver')) + (await look.count('deliver'))).toBe(1),
  );
});
