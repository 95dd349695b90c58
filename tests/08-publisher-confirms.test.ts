/** Lesson 08-publisher-confirms: the real producer and the real consumer, as processes. */
import { expect } from 'vitest';
import { callApi, type Vhost } from './broker.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/08-publisher-confirms.ts';
const CONSUMER = 'consumer/08-publisher-confirms.ts';

/** What the measuring says of one way to wait for confirms: how many times as fast it is. */
function ratio(line: string): number {
  return Number(/: ([\d.]+) times as fast$/.exec(line)?.[1]);
}

function setPolicy(vhost: Vhost, pattern: string, definition: object): Promise<unknown> {
  const path = `/api/policies/${encodeURIComponent(vhost.name)}/of-this-test`;
  return callApi('PUT', path, { pattern, definition, 'apply-to': 'queues' });
}

test('the three ways to wait for confirms are measured against each other in one run', async ({
  start,
  vhost,
}) => {
  const producer = start(PRODUCER, {}, ['measure']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toHaveLength(3);
  expect(producer.lines[0]).toMatch(/^ \[x\] Published 500 messages individually in \d+ ms$/);
  // Which is faster is for the page to show: a test that depends on the time would fail by chance.
  expect(ratio(await producer.waitForLine(/in batches of 100/))).toBeGreaterThan(0);
  expect(ratio(await producer.waitForLine(/in a window of 100/))).toBeGreaterThan(0);
  expect((await vhost.queue('measured')).ready).toBe(0);
});

test('an order is confirmed though there is no consumer, and waits for one on the disk', async ({
  start,
  vhost,
}) => {
  const producer = start(PRODUCER, {}, ['Two apples']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([
    " [x] Sent 'Two apples' to orders",
    expect.stringMatching(/^ \[x\] Confirmed 'Two apples' after \d+ ms$/),
  ]);
  expect(await vhost.queue('orders')).toEqual({ ready: 1, consumers: 0 });
  await vhost.declare('orders', true); // durable, or the broker would refuse
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Received 'Two apples'/);
});

test('an order that no queue takes is returned, and then confirmed', async ({ start }) => {
  const producer = start(PRODUCER, {}, ['Two apples', 'nowhere']);
  expect(await producer.end()).toBe(1);
  expect(producer.lines).toEqual([
    " [x] Sent 'Two apples' to nowhere",
    " [x] Returned 'Two apples': NO_ROUTE",
    expect.stringMatching(/^ \[x\] Confirmed 'Two apples' after \d+ ms$/),
  ]);
});

test('an order that the broker refuses is told apart from one that it has', async ({
  start,
  vhost,
}) => {
  await vhost.declare('orders', true);
  await vhost.send('orders', 'the only one there is room for');
  await setPolicy(vhost, '^orders$', { 'max-length': 1, overflow: 'reject-publish' });
  const producer = start(PRODUCER, {}, ['Three pears']);
  expect(await producer.end()).toBe(1);
  expect(producer.lines).toContain(" [x] Refused 'Three pears': The broker nacked the message.");
});

test('of four orders the misspelt one comes back, and the others are received', async ({
  start,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, { PUBLISH_COUNT: '4', PUBLISH_INTERVAL_MS: '0' });
  expect(await producer.end()).toBe(0);
  expect(producer.all(/Confirmed/)).toHaveLength(4);
  expect(producer.all(/Returned/)).toEqual([" [x] Returned 'Order 3': NO_ROUTE"]);
  await consumer.waitForLine(/Received 'Order 4'/);
  expect(consumer.all(/Received/)).toHaveLength(3);
});

test('an order is sent and not confirmed as long as the broker is silent', async ({
  start,
  proxy,
}) => {
  const producer = start(PRODUCER, { ...proxy.env, PUBLISH_INTERVAL_MS: '100' });
  await producer.waitForLine(/Confirmed 'Order 1'/);
  proxy.holdBroker();
  await producer.waitForLine(/Sent/, producer.all(/Sent/).length + 1);
  expect(producer.all(/Confirmed/)).toHaveLength(producer.all(/Sent/).length - 1);
  proxy.release();
  await producer.waitForLine(/Confirmed/, producer.all(/Sent/).length);
});

test('an order whose confirm was lost with the connection is sent again', async ({
  start,
  proxy,
  vhost,
}) => {
  proxy.watch('basic.ack', () => 'reset', 1);
  const producer = start(PRODUCER, proxy.env, ['Two apples']);
  expect(await producer.end()).toBe(0);
  expect(producer.all(/Lost|Confirmed/)).toHaveLength(2);
  const [first, second] = await vhost.drain('orders');
  expect(first?.id).toBeTruthy();
  expect(second).toEqual(first);
});

test.for(['measure 7', 'two apples orders'])(
  'a producer given "%s" says how it is used',
  async (words, { misuse }) => {
    expect(await misuse(PRODUCER, words.split(' '))).toEqual([
      expect.stringMatching(/^Usage: \[measure \| "order" \[queue\]\]/),
    ]);
  },
);

test('a consumer given an order says whom to give it to', async ({ misuse }) => {
  expect(await misuse(CONSUMER, ['Two apples'])).toEqual([
    expect.stringMatching(/^Usage: .* the producer, such as: "Two apples"$/),
  ]);
});
