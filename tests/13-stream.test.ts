/** Lesson 13-stream: the real producer and the real readers, as processes. */
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { type ConsumeMessage, connect } from 'amqplib';
import { expect } from 'vitest';
import type { Vhost } from './broker.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/13-stream.ts';
const READER = 'consumer/13-stream.ts';
const STREAM = 'readings';

const received = (text: string, offset: number) => ` [x] Received '${text}' at offset ${offset}`;

test('a reading that was read is still there: a second reader gets all of them again', async ({
  start,
}) => {
  const producer = start(PRODUCER, { PUBLISH_COUNT: '3', PUBLISH_INTERVAL_MS: '0' });
  expect(await producer.end()).toBe(0);
  for (let i = 0; i < 2; i++) {
    const again = start(READER);
    await again.waitForLine(/Reading 3/);
    expect(again.all(/Received/)).toEqual([
      received('Reading 1: 20 degrees', 0),
      received('Reading 2: 21 degrees', 1),
      received('Reading 3: 22 degrees', 2),
    ]);
  }
});

test('a reader begins at an offset, at the last chunk, or at what comes next', async ({
  start,
  vhost,
}) => {
  const first = start(READER);
  await first.waitForLine(/Waiting/);
  for (const text of ['a', 'b', 'c']) await vhost.send(STREAM, text);
  await first.waitForLine(/'c'/);
  const fromOne = start(READER, {}, ['1']);
  const last = start(READER, {}, ['last']);
  const next = start(READER, {}, ['next']);
  for (const reader of [fromOne, last, next]) await reader.waitForLine(/Waiting/);
  await last.waitForLine(/'c'/);
  await vhost.send(STREAM, 'd');
  for (const reader of [fromOne, last, next]) await reader.waitForLine(/'d'/);
  expect(fromOne.all(/Received/)).toEqual([received('b', 1), received('c', 2), received('d', 3)]);
  expect(last.all(/Received/)).toEqual([received('c', 2), received('d', 3)]);
  expect(next.all(/Received/)).toEqual([received('d', 3)]);
});

test('a reader begins at a time', async ({ start }) => {
  const producer = start(PRODUCER, { PUBLISH_COUNT: '2', PUBLISH_INTERVAL_MS: '1500' });
  await producer.waitForLine(/Reading 1/);
  const nextSecond = new Date(Math.ceil(Date.now() / 1000) * 1000);
  expect(await producer.end()).toBe(0);
  const reader = start(READER, {}, [nextSecond.toISOString().replace('.000', '')]);
  await reader.waitForLine(/Reading 2/);
  expect(reader.all(/Received/)).toEqual([received('Reading 2: 21 degrees', 1)]);
});

test('a slow reader holds nobody up', async ({ start, vhost }) => {
  const slow = start(READER, {}, ['first', '60000']);
  const fast = start(READER);
  for (const reader of [slow, fast]) await reader.waitForLine(/Waiting/);
  await vhost.send(STREAM, 'a', 'b', 'c');
  await slow.waitForLine(/'a'/);
  await fast.waitForLine(/'c'/);
  expect(slow.all(/Received/)).toEqual([received('a', 0)]);
});

test('a reader goes on where it was after the connection was lost', async ({
  start,
  vhost,
  proxy,
}) => {
  const reader = start(READER, proxy.env);
  await reader.waitForLine(/Waiting/);
  await vhost.send(STREAM, 'a', 'b');
  await reader.waitForLine(/'b'/);
  proxy.reset();
  await reader.waitForLine(/Consuming again/);
  await vhost.send(STREAM, 'c');
  await reader.waitForLine(/'c'/);
  expect(reader.all(/Received/)).toEqual([received('a', 0), received('b', 1), received('c', 2)]);
});

test('a stream that is full forgets its oldest readings', async ({ start }) => {
  const producer = start(PRODUCER, {}, ['fill', '4000']);
  expect(await producer.end()).toBe(0);
  const reader = start(READER, {}, ['0']);
  const line = await reader.waitForLine(/Received/);
  expect(Number(/at offset (\d+)/.exec(line)?.[1])).toBeGreaterThan(500);
});

/** How much memory the producer in this vhost has now, in kilobytes. Source: proc(5). */
function memoryOfProducer(vhost: Vhost): number {
  const reads = (path: string, text: string) => readFileSync(path, 'latin1').includes(text);
  const [folder] = globSync('/proc/[0-9]*').filter((process) => {
    try {
      return reads(`${process}/cmdline`, PRODUCER) && reads(`${process}/environ`, vhost.name);
    } catch {
      return false; // it has ended meanwhile
    }
  });
  const status = readFileSync(`${folder}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

// The broker takes all and says nothing: what the producer has in memory then is what it keeps there
// for the confirms. While they come, garbage that Node has not collected yet is added to it.
test('to fill a stream with 100,000 readings of a kilobyte keeps at most 40 MB in memory', async ({
  start,
  vhost,
  proxy,
}) => {
  let before = 0;
  proxy.watch('queue.declare-ok', () => {
    before = memoryOfProducer(vhost);
    return undefined;
  });
  proxy.watch('basic.publish', () => proxy.holdBroker(), 1);
  const aWindowIsOut = proxy.passing('basic.publish', 50);
  start(PRODUCER, proxy.env, ['fill', '100000']);
  await aWindowIsOut;
  const grown = memoryOfProducer(vhost) - before;
  expect(before).toBeGreaterThan(0);
  expect(grown / 1000).toBeLessThan(40);
});

test('the broker refuses a reader without a prefetch, and a single question', async ({
  start,
  vhost,
}) => {
  const reader = start(READER, { PREFETCH: '0' });
  expect(await reader.end()).toBe(1);
  expect(reader.lines.join()).toContain('consumer prefetch count is not set');

  const client = await connect({ ...vhost.address, vhost: encodeURIComponent(vhost.name) });
  const refused = once(client, 'error');
  const channel = await client.createChannel();
  channel.on('error', () => {}); // that of the connection follows
  channel.get(STREAM).catch(() => {});
  expect(`${await refused}`).toMatch(/540.*basic.get not supported by stream queues/);
});

test('a reading that is given back: RabbitMQ before 3.13 closes the connection, later ones take it for an ack', async ({
  start,
  vhost,
}) => {
  expect(await start(PRODUCER, { PUBLISH_COUNT: '2', PUBLISH_INTERVAL_MS: '0' }).end()).toBe(0);
  const client = await connect({ ...vhost.address, vhost: encodeURIComponent(vhost.name) });
  const { version } = client.connection.serverProperties;
  const channel = await client.createChannel();
  channel.on('error', () => {}); // "error" of the connection follows
  await channel.prefetch(1);
  const answer = new Promise<string>((resolve) => {
    client.on('error', ({ message }) => resolve(message));
    const take = (message: ConsumeMessage | null) => {
      if (message?.properties.headers?.['x-stream-offset'] === 1) resolve('the next reading');
      else if (message) channel.nack(message);
    };
    channel.consume(STREAM, take, { arguments: { 'x-stream-offset': 'first' } }).catch(() => {});
  });
  const isLater = version.localeCompare('3.13', 'en', { numeric: true }) >= 0;
  expect(await answer).toMatch(
    isLater
      ? /^the next reading$/
      : /540.*basic.nack and basic.reject not supported by stream queues/,
  );
  await client.close().catch(() => {});
});

test.for(['middle', 'first slowly', '2030-12-31', 'first 5 6'])(
  'a reader given "%s" says how it is used',
  async (words, { misuse }) => {
    expect(await misuse(READER, words.split(' '))).toEqual([
      expect.stringMatching(/^Usage: \[first\|last\|next\|OFFSET/),
    ]);
  },
);

test.for(['fill', 'fill 0', 'empty 5'])(
  'a producer given "%s" says how it is used',
  async (words, { misuse }) => {
    expect(await misuse(PRODUCER, words.split(' '))).toEqual([
      expect.stringMatching(/^Usage: \[fill COUNT\]/),
    ]);
  },
);
