/** Lesson 10-message-life: the real producer and the real consumer, as processes. */
import { expect, vi } from 'vitest';
import { callApi, type Vhost } from './broker.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/10-message-life.ts';
const CONSUMER = 'consumer/10-message-life.ts';

/** What the broker counts for an exchange or a queue. It is sampled, so it comes after some seconds. */
async function expectCounts(vhost: Vhost, object: string, counts: object): Promise<void> {
  const [kind, name] = object.split(' ');
  const path = `/api/${kind}/${encodeURIComponent(vhost.name)}/${name}`;
  const look = async () => expect(await callApi('GET', path)).toMatchObject(counts);
  await vi.waitFor(look, { timeout: 30_000, interval: 250 });
}

test('the counters tell all of a parcel: in, routed, delivered twice, acked, gone', async ({
  start,
  vhost,
}) => {
  await start(PRODUCER, {}, ['A parcel']).end();
  await expectCounts(vhost, 'exchanges depot', {
    message_stats: { publish_in: 1, publish_out: 1 },
  });
  const there = { messages_ready: 1, message_bytes_ram: 8, message_bytes_persistent: 8 };
  await expectCounts(vhost, 'queues parcels', { message_stats: { publish: 1 }, ...there });

  await start(CONSUMER, {}, ['requeue']).end();
  await start(CONSUMER, {}, ['ack']).end();
  const gone = { messages: 0, message_bytes_ram: 0, message_bytes_persistent: 0 };
  const counts = { publish: 1, deliver: 2, redeliver: 1, ack: 1 };
  await expectCounts(vhost, 'queues parcels', { message_stats: counts, ...gone });
});

test('a parcel with a key that nobody has bound is counted in, and not out', async ({
  start,
  vhost,
}) => {
  const producer = start(PRODUCER, {}, ['Lost parcel', 'nowhere']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([" [x] Sent 'Lost parcel'"]);
  await expectCounts(vhost, 'exchanges depot', { message_stats: { publish_in: 1 } });
  const { message_stats } = Object(
    await callApi('GET', `/api/exchanges/${encodeURIComponent(vhost.name)}/depot`),
  );
  expect(message_stats.publish_out ?? 0).toBe(0);
  expect((await vhost.queue('parcels')).ready).toBe(0);
});

test('a parcel that is held is neither in the queue nor gone, and is back when the holder ends', async ({
  start,
  vhost,
}) => {
  await start(PRODUCER, { PUBLISH_COUNT: '2', PUBLISH_INTERVAL_MS: '0' }).end();
  const holder = start(CONSUMER, {}, ['hold']);
  await holder.waitForLine(/Received 'Parcel 1'$/);
  expect(await vhost.queue('parcels')).toEqual({ ready: 1, consumers: 1 });
  expect(await holder.stop()).toBe(0);
  expect(await vhost.queue('parcels')).toEqual({ ready: 2, consumers: 0 });

  const next = start(CONSUMER, {}, ['ack']);
  expect(await next.end()).toBe(0);
  expect(next.lines).toEqual([" [x] Received 'Parcel 1' (redelivered)", ' [x] Acked']);
  expect(await vhost.queue('parcels')).toEqual({ ready: 1, consumers: 0 });
});

test('a parcel that is given back comes again, marked as redelivered', async ({ start, vhost }) => {
  const consumer = start(CONSUMER, {}, ['requeue']);
  await vi.waitFor(async () => expect((await vhost.queue('parcels')).consumers).toBe(1), 30_000);
  await start(PRODUCER, {}, ['A parcel']).end();
  expect(await consumer.end()).toBe(0);
  expect(consumer.lines).toEqual([" [x] Received 'A parcel'", ' [x] Requeued']);
  const channel = await (await vhost.client()).createChannel();
  expect(await channel.get('parcels')).toMatchObject({
    fields: { redelivered: true, exchange: 'depot', routingKey: 'home' },
    properties: { deliveryMode: 2, timestamp: expect.any(Number) },
  });
});

test('without a word the consumer gives each parcel back once, and acks it when it comes again', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  await start(PRODUCER, { PUBLISH_COUNT: '2', PUBLISH_INTERVAL_MS: '0' }).end();
  await consumer.waitForLine(/Acked/, 2);
  expect(consumer.lines.slice(1)).toEqual([
    " [x] Received 'Parcel 1'",
    ' [x] Requeued',
    " [x] Received 'Parcel 1' (redelivered)",
    ' [x] Acked',
    " [x] Received 'Parcel 2'",
    ' [x] Requeued',
    " [x] Received 'Parcel 2' (redelivered)",
    ' [x] Acked',
  ]);
  expect(await consumer.stop()).toBe(0);
  expect(await vhost.queue('parcels')).toEqual({ ready: 0, consumers: 0 });
});

test.for([
  [PRODUCER, 'parcel home now'],
  [CONSUMER, 'keep'],
  [CONSUMER, 'hold all'],
] as const)('%s given "%s" says how it is used', async ([program, words], { misuse }) => {
  expect(await misuse(program, words.split(' '))).toEqual([expect.stringMatching(/^Usage: /)]);
});
