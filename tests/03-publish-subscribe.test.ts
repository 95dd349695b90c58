/** Lesson 03-publish-subscribe: the real producer and the real consumer, as processes. */
import { expect, vi } from 'vitest';
import { callApi } from './broker.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/03-publish-subscribe.ts';
const CONSUMER = 'consumer/03-publish-subscribe.ts';

const WAITING = ' [*] Waiting for messages. To exit press CTRL+C';
const TWO = { PUBLISH_COUNT: '2', PUBLISH_INTERVAL_MS: '0' };

test('each of two subscribers in one program, and a third in another, gets every message', async ({
  start,
}) => {
  const both = start(CONSUMER);
  const third = start(CONSUMER, {}, ['printer']);
  await both.waitForLine(/Waiting/);
  await third.waitForLine(/Waiting/);
  const producer = start(PRODUCER, TWO);
  expect(await producer.end()).toBe(0);
  await both.waitForLine(/Received/, 4);
  await third.waitForLine(/Received/, 2);

  expect(producer.lines).toEqual([" [x] Sent 'Log line 1'", " [x] Sent 'Log line 2'"]);
  const received = (name: string) => [
    ` [x] Received 'Log line 1' for ${name}`,
    ` [x] Received 'Log line 2' for ${name}`,
  ];
  expect(third.lines).toEqual([WAITING, ...received('printer')]);
  expect(both.all(/screen/)).toEqual(received('screen'));
  expect(both.all(/disk/)).toEqual(received('disk'));
});

test('a message that was sent before anyone subscribed is never received', async ({ start }) => {
  const early = start(PRODUCER, {}, ['Nobody', 'hears', 'this']);
  expect(await early.end()).toBe(0);
  expect(early.lines).toEqual([" [x] Sent 'Nobody hears this'"]);

  const consumer = start(CONSUMER, {}, ['late']);
  await consumer.waitForLine(/Waiting/);
  await start(PRODUCER, {}, ['Somebody hears this']).end();
  await consumer.waitForLine(/Received/);
  expect(consumer.lines).toEqual([WAITING, " [x] Received 'Somebody hears this' for late"]);
});

test.for(['SIGTERM', 'SIGKILL'] as const)(
  "a subscriber's queue is named by the broker, closed to others, and gone after %s",
  async (signal, { start, vhost }) => {
    const consumer = start(CONSUMER, {}, ['only']);
    await consumer.waitForLine(/Waiting/);
    const [queue, ...others] = await queuesOf(vhost.name);
    expect(others).toEqual([]);
    expect(queue).toMatchObject({ name: expect.stringMatching(/^amq\.gen-/), exclusive: true });
    await expect(vhost.deleteQueue(queue?.name ?? '')).rejects.toThrow('RESOURCE_LOCKED');

    await consumer.stop(signal);
    const allGone = async () => expect(await queuesOf(vhost.name)).toEqual([]);
    await vi.waitFor(allGone, { timeout: 10_000 });
  },
);

test('a plain client that declares the exchange as the notes do reaches the subscribers, whatever the key', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER, {}, ['printer']);
  await consumer.waitForLine(/Waiting/);
  const channel = await (await vhost.client()).createConfirmChannel();
  channel.on('error', () => {}); // `assertExchange` rejects with it
  await channel.assertExchange('logs', 'fanout', { durable: false });
  channel.publish('logs', 'any.key', Buffer.from('Hello from elsewhere'));
  await consumer.waitForLine(/Received 'Hello from elsewhere' for printer/);
});

test('after a loss each subscriber has a queue and a binding again', async ({ proxy, start }) => {
  const consumer = start(CONSUMER, proxy.env);
  await consumer.waitForLine(/Waiting/);
  proxy.reset();
  await consumer.waitForLine(/Consuming again/);
  await start(PRODUCER, {}, ['Back']).end();
  await consumer.waitForLine(/'Back' for screen/);
  await consumer.waitForLine(/'Back' for disk/);
});

test.for([
  [CONSUMER, 'printer printer', 'Usage: [name]..., each of them once, such as: printer'],
  [CONSUMER, '--printer', 'Usage: [name]..., each of them once, such as: printer'],
  [PRODUCER, '--count=5', 'Usage: [message], such as: The disk is full'],
] as const)('%s given "%s" says how it is used', async ([file, words, usage], { misuse }) => {
  expect(await misuse(file, words.split(' '))).toEqual([usage]);
});

async function queuesOf(vhost: string) {
  const queues = await callApi('GET', `/api/queues/${encodeURIComponent(vhost)}`);
  return queues as { name: string; exclusive: boolean }[];
}
