/** Lesson 04-routing: the real producer and the real consumer, as processes. */
import { expect } from 'vitest';
import { test } from './lab.ts';

const PRODUCER = 'producer/04-routing.ts';
const CONSUMER = 'consumer/04-routing.ts';

const WAITING = ' [*] Waiting for messages. To exit press CTRL+C';
const INFO = "'info':'Alice logged in'";
const WARNING = "'warning':'The disk is nearly full'";
const ERROR = "'error':'The disk is full'";
/** One of each, the error last: it goes to both, so what came before it has arrived too. */
const FOUR = { PUBLISH_COUNT: '4', PUBLISH_INTERVAL_MS: '0' };

test('a queue with three bindings gets three severities, one with one gets one, and none gets the fourth', async ({
  start,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, FOUR);
  expect(await producer.end()).toBe(0);
  await consumer.waitForLine(/'error'.* for screen/);
  await consumer.waitForLine(/'error'.* for disk/);

  const sent = ["'debug':'The cache has 3 entries'", INFO, WARNING, ERROR];
  expect(producer.lines).toEqual(sent.map((line) => ` [x] Sent ${line}`));
  expect(consumer.all(/for screen/)).toEqual(
    [INFO, WARNING, ERROR].map((line) => ` [x] Received ${line} for screen`),
  );
  expect(consumer.all(/for disk/)).toEqual([` [x] Received ${ERROR} for disk`]);
  expect(consumer.all(/debug/)).toEqual([]);
});

test('a consumer given severities receives these, each message once, in the words of the tutorials', async ({
  start,
}) => {
  const consumer = start(CONSUMER, {}, ['info', 'error', 'error']);
  await consumer.waitForLine(/Waiting/);
  await start(PRODUCER, FOUR).end();
  await start(PRODUCER, {}, ['info', 'That', 'was', 'all']).end();
  await consumer.waitForLine(/That was all/);
  expect(consumer.lines).toEqual([
    WAITING,
    ` [x] Received ${INFO}`,
    ` [x] Received ${ERROR}`,
    " [x] Received 'info':'That was all'",
  ]);
});

test('a producer given a severity and no message sends the message of the tutorials', async ({
  start,
}) => {
  const producer = start(PRODUCER, {}, ['warning']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([" [x] Sent 'warning':'Hello World!'"]);
});

test('the key must be equal to the last letter, and a plain client may take part', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER, {}, ['error']);
  await consumer.waitForLine(/Waiting/);
  const channel = await (await vhost.client()).createConfirmChannel();
  channel.on('error', () => {}); // `assertExchange` rejects with it
  await channel.assertExchange('direct_logs', 'direct', { durable: false });
  for (const key of ['Error', 'error ', 'errors', '#', '', 'error']) {
    channel.publish('direct_logs', key, Buffer.from('x'));
  }
  await consumer.waitForLine(/'error':'x'/);
  expect(consumer.all(/Received/)).toHaveLength(1);
});

test.for([
  [
    PRODUCER,
    'Error',
    'Usage: [debug|info|warning|error [message]], such as: error The disk is full',
  ],
  [CONSUMER, 'Error', 'Usage: [debug] [info] [warning] [error], such as: warning error'],
] as const)(
  '%s says which severities there are when it is given "%s"',
  async ([file, word, usage], { misuse }) => {
    expect(await misuse(file, [word])).toEqual([usage]);
  },
);
