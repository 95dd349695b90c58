/**
 * A connection that is lost comes back. The numbers are those of the traps of amqplib 2.3.1 that the
 * lab's own connection is built around; each test brings the trap about and sees that it is avoided.
 */
import { hostname } from 'node:os';
import type { ConsumeMessage } from 'amqplib';
import { describe, expect } from 'vitest';
import { callApi } from './broker.ts';
import { connectionClose, type Method } from './frames.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/01-hello.ts';
const CONSUMER = 'tests/fixtures/consumer.ts';

/** The broker's answers while a consumer comes up, in their order. */
const STEPS: Method[] = [
  'connection.start',
  'connection.tune',
  'connection.open-ok',
  'channel.open-ok',
  'confirm.select-ok',
  'queue.declare-ok',
  'basic.consume-ok',
];

test('a connection is named after the program and its host, and beats every five seconds', async ({
  start,
  vhost,
}) => {
  await start(CONSUMER).waitForLine(/ready/);
  expect(await vhost.connection()).toMatchObject({
    user_provided_name: `tests/fixtures/consumer on ${hostname()}`,
    timeout: 5,
  });
});

// 1: amqplib's own recovery restores the connection, not the consumer. 3: a reset ends a program
// that doesn't listen for errors.
test('after a TCP reset there is one consumer again, and it gets the next message', async ({
  proxy,
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER, proxy.env);
  await consumer.waitForLine(/ready/);
  proxy.reset();
  await consumer.waitForLine(/ \[!\] Lost .* \(the connection was cut\)\. Connecting again\./);
  await consumer.waitForLine(/ready/, 2);
  await vhost.waitForQueue('work', { ready: 0, consumers: 1 });
  await vhost.send('work', 'hi');
  await consumer.waitForLine(/done "hi"/);
});

test('of several hosts the next one is tried, at the start and after a loss', async ({
  proxy,
  start,
}) => {
  const { AMQP_HOST, AMQP_PORT } = proxy.env;
  const absent = 'absent.invalid';
  const consumer = start(CONSUMER, { AMQP_HOST: `${absent},${AMQP_HOST}`, AMQP_PORT });
  await consumer.waitForLine(/ready/);
  proxy.reset();
  await consumer.waitForLine(/ready/, 2);
  const there = `${AMQP_HOST}:${AMQP_PORT}`;
  expect(consumer.all(/!/)).toEqual([
    ` [!] ${absent}:${AMQP_PORT} is not there yet (no such host). Trying ${there}.`,
    ` [!] Connected to ${there}.`,
    ` [!] Lost ${there} (the connection was cut). Connecting again.`,
    ` [!] ${absent}:${AMQP_PORT} is not there (no such host). Trying ${there}.`,
    ` [!] Connected to ${there}.`,
  ]);
});

test('when the broker closes the connection, the line has its reason, and it goes on', async ({
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/ready/);
  await vhost.closeConnection();
  await consumer.waitForLine(/Lost .* \(CONNECTION_FORCED - .*\)\. Connecting again\./);
  await consumer.waitForLine(/ready/, 2);
});

// 4: a drop during setup ends the program, or leaves it with a connection that is dead.
test.for(['end', 'reset'] as const)(
  'a TCP %s at each step of connecting and declaring, one after the other, is got over',
  async (how, { proxy, start, vhost }) => {
    for (const step of STEPS) proxy.watch(step, () => how, 1);
    const consumer = start(CONSUMER, proxy.env);
    await consumer.waitForLine(/ready/);
    expect(proxy.accepted).toHaveLength(STEPS.length + 1);
    await vhost.send('work', 'hi');
    await consumer.waitForLine(/done "hi"/);
  },
);

test('attempts that fail for the same reason make one line, not one each', async ({
  proxy,
  start,
}) => {
  proxy.watch('connection.start', () => 'reset');
  const consumer = start(CONSUMER, proxy.env);
  await proxy.waitForConnections(10);
  expect(consumer.lines).toEqual([
    expect.stringMatching(
      / is not there yet \(the connection was cut\)\. Trying again until it is/,
    ),
  ]);
});

// 4 again: what arrives together is read together, so the loss comes before anyone listens for it.
test.for(STEPS.slice(2))(
  'a broker that closes the connection in the same breath as its %s is got over',
  async (step, { open, proxy, vhost }) => {
    const close = connectionClose(320, 'CONNECTION_FORCED - shutdown');
    proxy.watch(step, () => close, 1);
    const { promise: received, resolve: receive } = Promise.withResolvers<string>();
    open(async (channel) => {
      await channel.assertQueue('work', { durable: false });
      const take = (message: ConsumeMessage) => receive(message.content.toString());
      await channel.consume('work', take, { noAck: true });
    }, proxy.address);
    await proxy.waitForConnections(2);
    await vhost.declare('work');
    await vhost.send('work', 'hi');
    expect(await received).toBe('hi');
  },
);

// 9, the other half: before the first success a wrong password ends the program (start.test.ts).
test('a password that is refused later on is tried again, since it worked before', async ({
  onTestFinished,
  proxy,
  start,
  vhost,
}) => {
  const user = `/api/users/${encodeURIComponent(vhost.name)}`;
  const setPassword = (password: string) => callApi('PUT', user, { password, tags: '' });
  await setPassword('one');
  onTestFinished(async () => void (await callApi('DELETE', user)));
  const all = { configure: '.*', write: '.*', read: '.*' };
  const rights = [vhost.name, vhost.name].map(encodeURIComponent).join('/');
  await callApi('PUT', `/api/permissions/${rights}`, all);

  const one = { AMQP_USER: vhost.name, AMQP_PASSWORD: 'one', ...proxy.env };
  const consumer = start(CONSUMER, one);
  await consumer.waitForLine(/ready/);
  await setPassword('two');
  proxy.reset();
  await consumer.waitForLine(/\(ACCESS_REFUSED - Login was refused .*Trying again until it is/);
  await setPassword('one');
  await consumer.waitForLine(/ready/, 2);
});

// 11: a channel can't be made while there is no connection.
test('a producer whose broker is away waits, and then sends what it had in hand', async ({
  proxy,
  start,
  vhost,
}) => {
  const producer = start(PRODUCER, { PUBLISH_INTERVAL_MS: '1', ...proxy.env });
  await producer.waitForLine(/Sent/);
  proxy.refuse();
  proxy.reset();
  await producer.waitForLine(
    / is not there \(nothing listens there\)\. Trying again until it is\./,
  );
  const sent = producer.all(/Sent/).length;
  await proxy.listen();
  await producer.waitForLine(/Sent/, sent + 10);
  expect(await producer.stop()).toBe(0);

  const ids = new Set((await vhost.drain('hello')).map((message) => message.id));
  expect(ids.size).toBe(producer.all(/Sent/).length);
});

// 12: amqplib starts its backoff anew after each success, and so draws connects without end.
describe('a broker that drops each connection soon is asked more and more seldom:', () => {
  test.for(['channel.open-ok', 'queue.declare-ok', 'basic.ack'] as const)(
    'before its %s',
    async (step, { open, proxy, vhost }) => {
      await vhost.declare('work');
      proxy.watch(step, () => 'reset');
      const connection = open(
        (channel) => channel.assertQueue('work', { durable: false }),
        proxy.address,
      );
      void connection.publish('', 'work', Buffer.from('x'));
      await proxy.waitForConnections(5);

      const [first, ...later] = proxy.accepted;
      let before = first ?? 0;
      for (const [drops, at] of later.entries()) {
        expect(at - before).toBeGreaterThan(0.75 * 100 * 2 ** (drops + 1) - 10);
        before = at;
      }
    },
  );
});

// 13: a peer that is frozen closes nothing; only the missing heartbeats tell. One second instead of
// five makes the test short, nothing else.
describe('a peer that is frozen is noticed by its missing heartbeats', () => {
  test('and the consumer is back on a new connection', async ({ proxy, start, vhost }) => {
    proxy.watch('connection.tune', (frame) => frame.proposeHeartbeatOfOneSecond());
    const consumer = start(CONSUMER, proxy.env);
    await consumer.waitForLine(/ready/);
    proxy.freeze();
    await consumer.waitForLine(
      /Lost .* \(no sign of life for three heartbeats\)\. Connecting again/,
    );
    await consumer.waitForLine(/ready/, 2);
    await vhost.send('work', 'hi');
    // "again" if the broker still took the frozen connection for a live one.
    await consumer.waitForLine(/got "hi"/);
  });

  test('and a producer that has sent all it was asked for ends', async ({
    proxy,
    start,
    vhost,
  }) => {
    proxy.watch('connection.tune', (frame) => frame.proposeHeartbeatOfOneSecond());
    proxy.watch('basic.publish', () => proxy.freeze(), 1);
    const two = { PUBLISH_COUNT: '2', PUBLISH_INTERVAL_MS: '0' };
    const producer = start(PRODUCER, { ...two, ...proxy.env });
    expect(await producer.end()).toBe(0);
    expect(producer.lines).toContainEqual(expect.stringContaining('no sign of life'));
    const ids = new Set((await vhost.drain('hello')).map((message) => message.id));
    expect(ids.size).toBe(2);
  });
});
