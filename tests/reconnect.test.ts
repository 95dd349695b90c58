/**
 * A connection that is lost comes back. The numbers are those of the traps of amqplib 2.3.1 that the
 * lab's own connection is built around; each test brings the trap about and sees that it is avoided.
 */
import { once } from 'node:events';
import { hostname } from 'node:os';
import type { ConsumeMessage } from 'amqplib';
import { describe, expect } from 'vitest';
import { Connection } from '../broker/client/connection.ts';
import { ConnectionError } from '../broker/client/errors.ts';
import { callApi } from './broker.ts';
import { CONNECTION_UNBLOCKED, connectionBlocked, connectionClose, type Method } from './frames.ts';
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
  await consumer.waitForLine(/Consuming again/);
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
  await consumer.waitForLine(/Consuming again/);
  const there = `${AMQP_HOST}:${AMQP_PORT}`;
  expect(consumer.all(/!/)).toEqual([
    ` [!] ${absent}:${AMQP_PORT} is not there yet (no such host). Trying ${there}.`,
    ` [!] Connected to ${there}.`,
    ` [!] Lost ${there} (the connection was cut). Connecting again.`,
    ` [!] ${absent}:${AMQP_PORT} is not there (no such host). Trying ${there}.`,
    ` [!] Connected to ${there}.`,
    ' [!] Consuming again.',
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
  await consumer.waitForLine(/Consuming again/);
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
    const channel = await open(proxy.address).createChannel();
    await channel.assertQueue('work', { durable: false });
    const take = (message: ConsumeMessage) => receive(message.content.toString());
    await channel.consume('work', take, { noAck: true });
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
  await consumer.waitForLine(
    / refuses the connection \(ACCESS_REFUSED - Login was refused .*Trying again until it doesn't/,
  );
  await setPassword('one');
  await consumer.waitForLine(/Consuming again/);
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
      use(open(proxy.address)).catch(() => {}); // it is closed in the middle of it
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

// A refused attempt costs the broker nothing, and who is cautious then comes seconds after it is back.
test('a broker that has dropped connections and is away now is asked as often as any other', async ({
  open,
  proxy,
}) => {
  proxy.watch('channel.open-ok', () => {
    if (proxy.accepted.length === 5) proxy.refuse();
    return 'reset';
  });
  const connection = open(proxy.address);
  use(connection).catch(() => {}); // it is closed in the middle of it
  await once(connection, 'absent');
  const before = performance.now();
  await once(connection, 'absent');
  expect(performance.now() - before).toBeLessThan(2000); // cautious: at least 2400
});

async function use(connection: Connection): Promise<void> {
  const channel = await connection.createChannel();
  await channel.assertQueue('work', { durable: false });
  await channel.publish('', 'work', Buffer.from('x'));
}

// C11: it printed and ended the process.
test('a connection by itself prints nothing and ends nothing: a refusal is an error of its caller', async ({
  open,
}) => {
  const connection = open({ password: 'wrong' });
  await expect(connection.opened()).rejects.toBeInstanceOf(ConnectionError);
  await expect(connection.createChannel()).rejects.toMatchObject({
    code: 403,
    message: expect.stringContaining('Check `AMQP_USER` ("guest") and `AMQP_PASSWORD`.'),
  });
});

// C10: 541 was no refusal, and a program said "is not there yet" for ever.
test('a declaration that the broker answers with 541 is an error of that call', async ({
  open,
  proxy,
}) => {
  const channel = await open(proxy.address).createChannel();
  const close = connectionClose(
    541,
    'INTERNAL_ERROR - Feature transient_nonexcl_queues is deprecated.',
  );
  proxy.watch('queue.declare-ok', () => ({ instead: close }), 1);
  const refused = channel.assertQueue('work', { durable: false });
  await expect(refused).rejects.toBeInstanceOf(ConnectionError);
  await expect(refused).rejects.toMatchObject({
    code: 541,
    message: expect.stringMatching(/refused: INTERNAL_ERROR - Feature transient_nonexcl_queues /),
  });
  await channel.assertQueue('other', { durable: true }); // on a new connection
});

// RabbitMQ 4.0 does so now and then when two programs of lesson 13 start at once.
test('a call over which the broker crashed is made again, and is an error if it always does', async ({
  open,
  proxy,
  vhost,
}) => {
  const channel = await open(proxy.address).createChannel();
  await channel.assertQueue('work', { durable: false });
  const crash = connectionClose(541, 'INTERNAL_ERROR');
  proxy.watch('basic.consume-ok', () => ({ instead: crash }), 1);
  await channel.consume('work', () => {});
  expect(proxy.accepted).toHaveLength(2);
  await vhost.declare('letters');
  await vhost.send('letters', 'x');
  proxy.watch('basic.get-ok', () => ({ instead: crash }));
  await expect(channel.get('letters')).rejects.toMatchObject({ code: 541 });
  expect(proxy.accepted).toHaveLength(2 + 3);
});

test('what is refused when it is restored is tried again until it is not', async ({
  proxy,
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER, proxy.env);
  await consumer.waitForLine(/ready/);
  await vhost.deleteQueue('work');
  await consumer.waitForLine(/Consuming again/);
  proxy.refuse();
  proxy.reset();
  await consumer.waitForLine(/is not there/);
  await vhost.deleteQueue('work');
  await vhost.declare('work', true);
  await proxy.listen();
  await consumer.waitForLine(
    / \[!\] What this program uses can't be had again \(PRECONDITION_FAILED - inequivalent arg 'durable'/,
  );
  await vhost.deleteQueue('work');
  await consumer.waitForLine(/Consuming again/, 2);
});

test('of three brokers that are all away the third is found when it comes back', async ({
  proxy,
  vhost,
}) => {
  proxy.refuse();
  const absent = { ...vhost.address, hostname: 'absent.invalid' };
  const connection = new Connection([absent, absent, { ...vhost.address, ...proxy.address }]);
  const tried: string[] = [];
  connection.on('absent', () => tried.push(connection.where));
  while (tried.length < 4) await new Promise((resolve) => connection.once('absent', resolve));
  await proxy.listen();
  await connection.opened();
  expect(tried.slice(0, 3).map((where) => where.split(':')[0])).toEqual([
    'absent.invalid',
    'absent.invalid',
    '127.0.0.1',
  ]);
  expect(connection.where).toBe(`127.0.0.1:${proxy.address.port}`);
  await connection.close();
});

test('an alarm of the broker is said, and that it is over', async ({ proxy, start }) => {
  proxy.watch('basic.ack', () => connectionBlocked('low on memory'), 2);
  proxy.watch('basic.ack', () => CONNECTION_UNBLOCKED, 4);
  const producer = start(PRODUCER, { PUBLISH_INTERVAL_MS: '10', ...proxy.env });
  await producer.waitForLine(/ \[!\] .* takes no messages for now: low on memory\./);
  await producer.waitForLine(/ \[!\] .* takes messages again\./);
});

// 13: a peer that is frozen closes nothing; only the missing heartbeats tell. One second instead of
// five makes the test short, nothing else.
describe('a peer that is frozen is noticed by its missing heartbeats', () => {
  test('and the consumer is back on a new connection', async ({ proxy, start, vhost }) => {
    proxy.watch('connection.tune', (frame) => frame.proposeHeartbeatOfOneSecond());
    const consumer = start(CONSUMER, proxy.env);
    await consumer.waitForLine(/ready/);
    proxy.freeze();
    await consumer.waitForLine(/Lost .* \(no sign of life for two heartbeats\)\. Connecting again/);
    await consumer.waitForLine(/Consuming again/);
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

  // As it is: nobody can change the heartbeat within TLS. Five seconds, three times.
  test('in TLS as well', async ({ proxy, start, vhost }) => {
    proxy.encrypted = true;
    const { AMQP_PORT } = proxy.env;
    const tls = { AMQP_HOST: 'localhost', AMQP_PORT, AMQP_TLS: 'true' };
    proxy.target = { ...vhost.address, port: 5671 };
    const consumer = start(CONSUMER, { ...tls, AMQP_CA_FILE: '/certificates/ca.pem' });
    await consumer.waitForLine(/ready/);
    proxy.freeze();
    await consumer.waitForLine(/Lost .* \(no sign of life for two heartbeats\)/);
    await consumer.waitForLine(/Consuming again/);
  });
});
