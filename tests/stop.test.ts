/** Stopping: what is in hand is settled first; what can't be is said, and the status is not 0. */
import { describe, expect } from 'vitest';
import { test } from './lab.ts';

const CONSUMER = 'tests/fixtures/consumer.ts';
const FLOOD = 'tests/fixtures/flood.ts';

describe('a message in hand at SIGTERM', () => {
  test('is finished and acknowledged before the program ends with status 0', async ({
    start,
    vhost,
  }) => {
    const consumer = start(CONSUMER);
    await consumer.waitForLine(/ready/);
    await vhost.send('work', 'wait');
    await consumer.waitForLine(/got "wait"/);
    consumer.signal('SIGTERM');
    await consumer.waitForLine(/SIGTERM: closing in order/);
    // No longer a consumer, but still at work: another message stays where it is.
    await vhost.waitForQueue('work', { ready: 0, consumers: 0 });
    await vhost.send('work', 'another');
    expect(consumer.status).toBeUndefined();

    consumer.proceed();
    expect(await consumer.end()).toBe(0);
    expect(consumer.lines.at(-1)).toBe('done "wait"');
    expect(await vhost.drain('work')).toMatchObject([{ text: 'another' }]);
  });

  test('is finished although the signal came twice at once, as Compose passes it on', async ({
    start,
    vhost,
  }) => {
    const consumer = start(CONSUMER);
    await consumer.waitForLine(/ready/);
    await vhost.send('work', 'wait');
    await consumer.waitForLine(/got "wait"/);
    consumer.signal('SIGINT');
    await consumer.waitForLine(/SIGINT: closing in order/);
    consumer.signal('SIGINT');
    await vhost.waitForQueue('work', { ready: 0, consumers: 0 });
    consumer.proceed();
    expect(await consumer.end()).toBe(0);
    expect(consumer.lines.at(-1)).toBe('done "wait"');
  });

  test('may still publish its answer', async ({ start, vhost }) => {
    await vhost.declare('done');
    const consumer = start(CONSUMER);
    await consumer.waitForLine(/ready/);
    await vhost.send('work', 'answer');
    await consumer.waitForLine(/got "answer"/);
    consumer.signal('SIGTERM');
    await consumer.waitForLine(/closing in order/);
    consumer.proceed();
    expect(await consumer.end()).toBe(0);
    expect(await vhost.drain('done')).toMatchObject([{ text: 'the answer' }]);
    expect(await vhost.queue('work')).toEqual({ ready: 0, consumers: 0 });
  });

  test.for([
    ['a second signal', 'Ended by a second SIGINT'],
    ['the end of the time for an orderly stop', 'Ended after 300 ms'],
  ] as const)(
    'is left behind after %s: a line, status 1',
    async ([how, line], { start, vhost }) => {
      const timeout = how === 'a second signal' ? {} : { STOP_TIMEOUT_MS: '300' };
      const consumer = start(CONSUMER, timeout);
      await consumer.waitForLine(/ready/);
      await vhost.send('work', 'wait');
      await consumer.waitForLine(/got "wait"/);
      consumer.signal('SIGTERM');
      await consumer.waitForLine(/closing in order/);
      if (how === 'a second signal') consumer.signal('SIGINT');
      expect(await consumer.end()).toBe(1);
      expect(consumer.lines).toContain(` [!] ${line}; left behind: 1 message in hand.`);
      await vhost.waitForQueue('work', { ready: 1, consumers: 0 });
    },
  );
});

test('messages that were published and not yet confirmed at SIGTERM are confirmed first', async ({
  start,
  vhost,
}) => {
  const flood = start(FLOOD);
  await flood.waitForLine(/all published/);
  expect(await flood.stop()).toBe(0);
  expect(await vhost.queue('work')).toMatchObject({ ready: 3000 });
});

test('messages that can not be confirmed are counted: the broker is silent', async ({
  proxy,
  start,
}) => {
  proxy.watch('basic.publish', () => proxy.freeze(), 1);
  const flood = start(FLOOD, { STOP_TIMEOUT_MS: '300', ...proxy.env });
  await flood.waitForLine(/all published/);
  expect(await flood.stop()).toBe(1);
  expect(flood.lines).toContain(
    ' [!] Ended after 300 ms; left behind: 3000 messages not confirmed.',
  );
});

test('messages that can not be confirmed are counted: the broker is away', async ({
  proxy,
  start,
}) => {
  proxy.watch('basic.publish', () => proxy.refuse(), 1);
  proxy.watch('basic.publish', () => 'reset', 1);
  const producer = start('producer/01-hello.ts', proxy.env);
  await producer.waitForLine(/nothing listens there/);
  expect(await producer.stop()).toBe(1);
  expect(producer.lines.at(-1)).toBe(
    ' [!] Ended without the broker; left behind: 1 message not confirmed.',
  );
});

test('a connection that is lost while it is closed in order does not hold the program up', async ({
  proxy,
  start,
}) => {
  proxy.watch('channel.close', () => 'reset', 1);
  const consumer = start(CONSUMER, proxy.env);
  await consumer.waitForLine(/ready/);
  expect(await consumer.stop()).toBe(0);
});

test('a program that closes while it connects anew ends, though the broker answers later', async ({
  proxy,
  start,
}) => {
  const program = start('tests/fixtures/closing.ts', proxy.env);
  await program.waitForLine(/ready/);
  const connecting = proxy.passing('connection.start');
  proxy.watch('connection.start', () => proxy.holdBroker(), 1);
  proxy.reset();
  await connecting;
  program.proceed();
  await program.waitForLine(/closed/);
  proxy.release();
  expect(await program.end()).toBe(0);
});

// C1: amqplib waits for close-ok alone, and the program ended with status 13 or not at all.
describe('a peer that is lost when the connection is being closed does not hold the program up:', () => {
  test.for(['reset', 'freeze'] as const)('%s', async (how, { proxy, start }) => {
    const lose = () => (how === 'reset' ? 'reset' : proxy.freeze());
    proxy.watch('connection.close', lose);
    const [producer, consumer] = [
      start('producer/01-hello.ts', { PUBLISH_COUNT: '1', ...proxy.env }),
      start(CONSUMER, proxy.env),
    ];
    expect(await producer.end()).toBe(0);
    await consumer.waitForLine(/ready/);
    expect(await consumer.stop()).toBe(0);
  });
});

test('SIGTERM while the connection is made again ends a program that has nothing in hand', async ({
  proxy,
  start,
}) => {
  const consumer = start(CONSUMER, proxy.env);
  await consumer.waitForLine(/ready/);
  proxy.refuse();
  proxy.reset();
  await consumer.waitForLine(/is not there/);
  expect(await consumer.stop()).toBe(0);
});

test('SIGTERM while the connection is lost and a callback runs: what is left is said, status 1', async ({
  proxy,
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER, proxy.env);
  await consumer.waitForLine(/ready/);
  await vhost.send('work', 'wait');
  await consumer.waitForLine(/got "wait"/);
  proxy.refuse();
  proxy.reset();
  await consumer.waitForLine(/is not there/);
  expect(await consumer.stop()).toBe(1);
  expect(consumer.lines.at(-1)).toBe(
    ' [!] Ended without the broker; left behind: 1 message in hand.',
  );
});
