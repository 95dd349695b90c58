/** Lesson 11-dead-letter: the real producer and the real consumer, as processes. */
import { expect } from 'vitest';
import type { Vhost } from './broker.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/11-dead-letter.ts';
const CONSUMER = 'consumer/11-dead-letter.ts';

/** The next message of the parking lot, once it is there: its text and what the broker wrote on it. */
async function nextParked(vhost: Vhost) {
  const channel = await (await vhost.client()).createChannel();
  const { promise: parked, resolve } = Promise.withResolvers<{ text: string; headers: unknown }>();
  await channel.consume('parked', (message) => {
    if (message) resolve({ text: `${message.content}`, headers: message.properties.headers });
  });
  return parked;
}

/** An entry of `x-death` with these values. */
const death = (reason: string, queue: string, count = 1) =>
  expect.objectContaining({ reason, queue, count });

test('a job that fails is tried again, each time after a longer wait, until it is done', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  await start(PRODUCER, {}, ['Mail fails 2 times']).end();
  await consumer.waitForLine(/Done/);
  expect(consumer.lines.slice(1)).toEqual([
    " [x] Received 'Mail fails 2 times' (attempt 1)",
    " [x] Failed 'Mail fails 2 times' (attempt 1), again in 1 s",
    " [x] Received 'Mail fails 2 times' (attempt 2)",
    " [x] Failed 'Mail fails 2 times' (attempt 2), again in 2 s",
    " [x] Received 'Mail fails 2 times' (attempt 3)",
    " [x] Done 'Mail fails 2 times' (attempt 3)",
  ]);
  expect(await consumer.stop()).toBe(0);
  // The broker refuses a queue that exists with another time to live.
  const channel = await (await vhost.client()).createChannel();
  for (const seconds of [1, 2, 4]) {
    const back = { deadLetterExchange: '', deadLetterRoutingKey: 'jobs' };
    const options = { durable: true, messageTtl: 1000 * seconds, ...back };
    await channel.assertQueue(`retry-${seconds}s`, options);
  }
  for (const queue of ['jobs', 'parked', 'retry-1s', 'retry-2s', 'retry-4s']) {
    expect(await vhost.queue(queue)).toEqual({ ready: 0, consumers: 0 });
  }
});

test('a poison message keeps no other job waiting, and is parked with its past', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  await vhost.send('jobs', 'Mail fails 9 times', 'Another mail');
  await consumer.waitForLine(/Done 'Another mail'/);
  expect(consumer.all(/attempt 4/)).toEqual([]);
  await consumer.waitForLine(/Rejected 'Mail fails 9 times' \(attempt 4\)/);

  const { text, headers } = await nextParked(vhost);
  expect(text).toBe('Mail fails 9 times');
  const deaths = [death('rejected', 'jobs'), death('expired', 'retry-4s')];
  expect(headers).toMatchObject({ attempt: 4, 'x-death': deaths });
});

test('a job whose time is over before a worker came is parked', async ({ start, vhost }) => {
  expect(await start(PRODUCER, {}, ['An offer', '100']).end()).toBe(0);
  const { text, headers } = await nextParked(vhost);
  expect(text).toBe('An offer');
  expect(headers).toMatchObject({ 'x-death': [death('expired', 'jobs')] });
});

test('when more than five jobs wait, the oldest one is parked', async ({ start, vhost }) => {
  const producer = start(PRODUCER, { PUBLISH_COUNT: '6', PUBLISH_INTERVAL_MS: '0' });
  expect(await producer.end()).toBe(0);
  const { text, headers } = await nextParked(vhost);
  expect(text).toBe('Job 1');
  expect(headers).toMatchObject({ 'x-death': [death('maxlen', 'jobs')] });
  expect((await vhost.queue('jobs')).ready).toBe(5);
});

test('the parking lot is listed and left as it is, or released and begun anew', async ({
  start,
  vhost,
}) => {
  const run = async (word: string) => {
    const consumer = start(CONSUMER, {}, [word]);
    expect(await consumer.end()).toBe(0);
    return consumer.lines;
  };
  expect(await run('parked')).toEqual([' [*] 0 parked']);
  await start(PRODUCER, {}, ['An offer', '0']).end();
  await vhost.waitForQueue('parked', { ready: 1, consumers: 0 });

  const past = expect.stringMatching(/^ {5}expired in jobs, count 1, at \d\d:\d\d:\d\d$/);
  expect(await run('parked')).toEqual([" [x] Parked 'An offer'", past, ' [*] 1 parked']);
  expect(await run('release')).toEqual([" [x] Released 'An offer'", past, ' [*] 1 parked']);
  expect(await vhost.queue('parked')).toEqual({ ready: 0, consumers: 0 });
  const channel = await (await vhost.client()).createChannel();
  expect(await channel.get('jobs')).toMatchObject({ properties: { headers: {} } });
});

test.for([
  [PRODUCER, 'job soon'],
  [PRODUCER, 'job 10 now'],
  [CONSUMER, 'parking'],
  [CONSUMER, 'parked all'],
] as const)('%s given "%s" says how it is used', async ([program, words], { misuse }) => {
  expect(await misuse(program, words.split(' '))).toEqual([expect.stringMatching(/^Usage: /)]);
});
