/** Lesson 01-hello: the real producer and the real consumer, as processes. */
import { expect } from 'vitest';
import { test } from './lab.ts';

const PRODUCER = 'producer/01-hello.ts';
const CONSUMER = 'consumer/01-hello.ts';
const ONCE = { PUBLISH_COUNT: '1' };

const WAITING = ' [*] Waiting for messages. To exit press CTRL+C';
const SENT = " [x] Sent 'Hello World!'";
const RECEIVED = " [x] Received 'Hello World!'";

test('a message crosses from the producer to the consumer, in the words of the tutorials', async ({
  start,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, ONCE);
  await consumer.waitForLine(/Received/);

  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([SENT]);
  expect(consumer.lines).toEqual([WAITING, RECEIVED]);
});

test('a producer that is asked for one message leaves it in the queue and ends', async ({
  start,
  vhost,
}) => {
  const producer = start(PRODUCER, ONCE);
  expect(await producer.end()).toBe(0);
  expect(await vhost.queue('hello')).toEqual({ ready: 1, consumers: 0 });
});

test('a message published before the consumer starts is delivered once it does', async ({
  start,
}) => {
  await start(PRODUCER, ONCE).end();
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Received/);
  expect(consumer.lines).toEqual([WAITING, RECEIVED]);
});

test('a producer goes on until it is stopped', async ({ start }) => {
  const producer = start(PRODUCER, { PUBLISH_INTERVAL_MS: '10' });
  await producer.waitForLine(/Sent/, 5);
  expect(await producer.stop('SIGINT')).toBe(0);
  expect(producer.lines).toContain(' [!] SIGINT: closing in order.');
});

test.for([
  [PRODUCER, CONSUMER],
  [CONSUMER, PRODUCER],
] as const)(
  '%s first, then %s, the broker last: a message arrives',
  async ([first, second], { proxy, start }) => {
    proxy.refuse(); // the port is known, and nothing listens there yet
    const programs = [];
    for (const file of [first, second]) {
      const program = start(file, { ...ONCE, ...proxy.env });
      programs.push(program);
      const line = await program.waitForLine(/./);
      expect(line).toContain('is not there yet (nothing listens there). Trying again until it is.');
    }

    await proxy.listen();
    await Promise.any(programs.map((program) => program.waitForLine(/Received/)));
  },
);

test('three consumers share what two producers send', async ({ start, vhost }) => {
  const consumers = [start(CONSUMER), start(CONSUMER), start(CONSUMER)];
  await vhost.waitForQueue('hello', { ready: 0, consumers: 3 });
  const forty = { PUBLISH_COUNT: '20', PUBLISH_INTERVAL_MS: '0' };
  const producers = [start(PRODUCER, forty), start(PRODUCER, forty)];

  for (const producer of producers) expect(await producer.end()).toBe(0);
  // Each in turn: 13 or 14 of the 40.
  for (const consumer of consumers) await consumer.waitForLine(/Received/, 13);
  for (const consumer of consumers) expect(await consumer.stop()).toBe(0);
  expect(consumers.flatMap((consumer) => consumer.all(/Received/))).toHaveLength(40);
  expect(await vhost.queue('hello')).toEqual({ ready: 0, consumers: 0 });
});

test('what was sent is received or still in the queue when both were stopped in the middle', async ({
  start,
  vhost,
}) => {
  const soon = { STOP_TIMEOUT_MS: '2000' }; // a stop that takes longer has another status
  const consumer = start(CONSUMER, soon);
  const producer = start(PRODUCER, { PUBLISH_INTERVAL_MS: '0', ...soon });
  await consumer.waitForLine(/Received/, 100);
  expect(await consumer.stop()).toBe(0);
  expect(await producer.stop()).toBe(0);

  const { ready } = await vhost.queue('hello');
  const received = consumer.all(/Received/).length;
  expect(producer.all(/Sent/)).toHaveLength(received + ready);
});

test('a consumer whose queue is deleted declares it again and goes on', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER);
  await vhost.waitForQueue('hello', { ready: 0, consumers: 1 });
  await vhost.deleteQueue('hello');
  await consumer.waitForLine(/Consuming again/);
  await start(PRODUCER, ONCE).end();
  await consumer.waitForLine(/Received/);
  expect(consumer.lines).toContain(
    " [!] The broker cancelled the consumer of 'hello': its queue was deleted or has moved, or an ack took too long.",
  );
});

// The notes' own Python programs declare the queue with `queue_declare(queue='hello')` and no more.
test('a plain client of any language that declares the queue as the notes do takes part', async ({
  start,
  vhost,
}) => {
  await vhost.declare('hello');
  await vhost.send('hello', 'Hello from elsewhere');
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Received 'Hello from elsewhere'/);
  await consumer.stop();

  await start(PRODUCER, ONCE).end();
  expect(await vhost.drain('hello')).toMatchObject([{ text: 'Hello World!' }]);
});
