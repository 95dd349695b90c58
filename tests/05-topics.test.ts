/** Lesson 05-topics: the real producer and the real consumer, as processes. */
import { expect } from 'vitest';
import { test } from './lab.ts';

const PRODUCER = 'producer/05-topics.ts';
const CONSUMER = 'consumer/05-topics.ts';

const WAITING = ' [*] Waiting for messages. To exit press CTRL+C';
const ALL = [
  "'kern.critical':'The kernel panics'",
  "'kern.info':'A driver is loaded'",
  "'auth.critical':'Ten wrong passwords'",
  "'auth.info':'Alice logged in'",
  "'kern':'The kernel starts'",
  "'kern.disk.critical':'The disk is full'",
];
const SIX = { PUBLISH_COUNT: '6', PUBLISH_INTERVAL_MS: '0' };
/** A last message that fits any pattern here: what came before it has arrived, if it ever does. */
const END = ['kern.critical', 'The', 'end'];

test('* is one word, # any number, and two bindings that fit bring a message once', async ({
  start,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, SIX);
  expect(await producer.end()).toBe(0);
  await start(PRODUCER, {}, END).end();
  await consumer.waitForLine(/The end' for pager/);
  await consumer.waitForLine(/The end' for kernel/);

  expect(producer.lines).toEqual(ALL.map((line) => ` [x] Sent ${line}`));
  const received = (name: string, ...lines: number[]) =>
    [...lines.map((i) => ALL[i]), "'kern.critical':'The end'"].map(
      (line) => ` [x] Received ${line} for ${name}`,
    );
  expect(consumer.all(/for pager/)).toEqual(received('pager', 0, 1, 2));
  expect(consumer.all(/for kernel/)).toEqual(received('kernel', 0, 1, 4, 5));
});

test.for([
  ['#', [0, 1, 2, 3, 4, 5]],
  ['#.critical', [0, 2, 5]],
  ['*.*', [0, 1, 2, 3]],
  ['kern.critical', [0]],
  ['#.kern.# #.critical kern.*', [0, 1, 2, 4, 5]],
] as const)(
  'a consumer given %s receives what fits, in the words of the tutorials',
  async ([patterns, lines], { start }) => {
    const consumer = start(CONSUMER, {}, patterns.split(' '));
    await consumer.waitForLine(/Waiting/);
    await start(PRODUCER, SIX).end();
    await start(PRODUCER, {}, END).end();
    await consumer.waitForLine(/The end/);
    expect(consumer.lines).toEqual([
      WAITING,
      ...lines.map((i) => ` [x] Received ${ALL[i]}`),
      " [x] Received 'kern.critical':'The end'",
    ]);
  },
);

test('* and # are wildcards only as whole words, and only in a binding', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER, {}, ['kern*', '*.critical']);
  await consumer.waitForLine(/Waiting/);
  const channel = await (await vhost.client()).createConfirmChannel();
  channel.on('error', () => {}); // `assertExchange` rejects with it
  await channel.assertExchange('topic_logs', 'topic', { durable: false });
  for (const key of ['kernel', 'kern.x', '#', 'kern.#', 'kern*', '*.critical']) {
    channel.publish('topic_logs', key, Buffer.from('x'));
  }
  await consumer.waitForLine(/'\*\.critical'/);
  expect(consumer.all(/Received/)).toEqual([
    " [x] Received 'kern*':'x'",
    " [x] Received '*.critical':'x'",
  ]);
});

test.for([
  [PRODUCER, 'such as: kern.critical The kernel panics'],
  [CONSUMER, "such as: 'kern.*' '*.critical'"],
] as const)(
  '%s refuses a key of 256 bytes and takes one of 255',
  async ([file, example], { misuse, start }) => {
    const [usage] = await misuse(file, ['x'.repeat(256)]);
    expect(usage).toMatch(/^Usage: .* at most 255 bytes/);
    expect(usage).toContain(example);
    await start(file, {}, ['x'.repeat(255)]).waitForLine(/Sent|Waiting/);
  },
);
