/** Lesson 12-quorum-queue: the real producer and the real consumer, as processes. */
import { expect } from 'vitest';
import { test } from './lab.ts';

const PRODUCER = 'producer/12-quorum-queue.ts';
const CONSUMER = 'consumer/12-quorum-queue.ts';
const CLASSIC = 'parcels.classic';
const QUORUM = 'parcels.quorum';
const FAILED = 'parcels.failed';

test('a broken parcel comes back three times to the quorum queue, and is then dead-lettered', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  await vhost.send(QUORUM, 'broken', 'fine');
  await vhost.waitForQueue(FAILED, { ready: 1, consumers: 0 });
  await consumer.waitForLine(/'fine'/);

  const received = (count: number) =>
    ` [x] Received 'broken' from ${QUORUM}${count ? ` (x-delivery-count ${count})` : ''}`;
  expect(consumer.all(/'broken'/)).toEqual([0, 1, 2, 3].map(received));
  const channel = await (await vhost.client()).createChannel();
  expect(await channel.get(FAILED, { noAck: true })).toMatchObject({
    content: Buffer.from('broken'),
    properties: { headers: { 'x-death': [{ queue: QUORUM, reason: 'delivery_limit' }] } },
  });
});

test('a broken parcel in the classic queue comes back for ever, and the next one waits', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  await vhost.send(CLASSIC, 'broken', 'fine');
  await consumer.waitForLine(/'broken' from parcels.classic \(redelivered\)/, 5);
  expect(consumer.all(/'fine'/)).toEqual([]);
  expect(consumer.all(/x-delivery-count/)).toEqual([]);
});

test('a parcel counts as come back when its consumer was killed', async ({ start, vhost }) => {
  const killed = start(CONSUMER);
  await killed.waitForLine(/Waiting/);
  await vhost.send(QUORUM, 'broken');
  await killed.waitForLine(/'broken'/);
  await killed.stop('SIGKILL');
  const next = start(CONSUMER);
  expect(await next.waitForLine(/'broken'/)).toMatch(/x-delivery-count [12]/);
});

test('each parcel goes to both queues, and every third one is broken', async ({ start, vhost }) => {
  const producer = start(PRODUCER, { PUBLISH_COUNT: '3', PUBLISH_INTERVAL_MS: '0' });
  expect(await producer.end()).toBe(0);
  const parcels = ['Parcel 1', 'Parcel 2', 'Parcel 3, broken'];
  expect(producer.lines).toEqual(parcels.map((name) => ` [x] Sent '${name}' to both queues`));
  for (const queue of [CLASSIC, QUORUM]) {
    expect((await vhost.drain(queue)).map(({ text }) => text)).toEqual(parcels);
  }
});

test('the four stores differ in what the page says: type, durable queue, persistent message', async ({
  start,
  vhost,
}) => {
  const producer = start(PRODUCER, {}, ['fill', '2']);
  expect(await producer.end()).toBe(0);
  const channel = await (await vhost.client()).createChannel();
  for (const [name, type, durable, deliveryMode] of [
    ['transient-queue', 'classic', false, 2],
    ['transient-messages', 'classic', true, 1],
    ['persistent-messages', 'classic', true, 2],
    ['quorum', 'quorum', true, 1],
  ] as const) {
    const queue = `store.${name}`;
    expect(producer.lines).toContain(` [x] Confirmed 2 messages in ${queue}`);
    const options = { durable, arguments: { 'x-queue-type': type } };
    expect(await channel.assertQueue(queue, options)).toMatchObject({ messageCount: 2 });
    expect(await channel.get(queue)).toMatchObject({ properties: { deliveryMode } });
  }
});

test.for(['fill', 'fill 0', 'fill many', 'empty 5', 'fill 5 6'])(
  'a producer given "%s" says how it is used',
  async (words, { misuse }) => {
    expect(await misuse(PRODUCER, words.split(' '))).toEqual([
      expect.stringMatching(/^Usage: \[fill COUNT\]/),
    ]);
  },
);
