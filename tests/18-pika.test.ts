/** Lesson 18-pika: the programs in Python and those in TypeScript, as processes, in both directions. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { callApi } from './broker.ts';
import { test } from './lab.ts';

const ONCE = { PUBLISH_COUNT: '1' };
const ENDINGS = { amqplib: 'ts', pika: 'py' } as const;
type Library = keyof typeof ENDINGS;

const producerIn = (library: Library) => `producer/18-pika.${ENDINGS[library]}`;
const consumerIn = (library: Library) => `consumer/18-pika.${ENDINGS[library]}`;

const LIBRARIES: Library[] = ['pika', 'amqplib'];
const DIRECTIONS: [Library, Library][] = [
  ['pika', 'amqplib'],
  ['amqplib', 'pika'],
];

const WAITING = ' [*] Waiting for messages. To exit press CTRL+C';
const SENT = " [x] Sent 'Hello World!'";
const received = (sender: Library) => ` [x] Received 'Hello World!' from ${sender}`;

test.for(DIRECTIONS)('a message crosses from %s to %s', async ([from, to], { start, vhost }) => {
  const consumer = start(consumerIn(to));
  await consumer.waitForLine(/Waiting/);
  const producer = start(producerIn(from), ONCE);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([SENT]);

  await consumer.waitForLine(/Received/);
  expect(await consumer.stop()).toBe(0);
  expect(consumer.lines).toEqual([WAITING, received(from), ' [!] SIGTERM: closing in order.']);
  // Acknowledged: else it would be back in the queue.
  expect(await vhost.queue('hello')).toEqual({ ready: 0, consumers: 0 });
});

test.for(DIRECTIONS)(
  'a message crosses from %s to %s with the broker given as a URL',
  async ([from, to], { start, vhost }) => {
    const { hostname, port, name } = { ...vhost.address, name: encodeURIComponent(vhost.name) };
    const url = {
      AMQP_URL: `amqp://guest:guest@${hostname}:${port}/${name}`,
      AMQP_HOST: 'not.used.invalid',
    };
    const consumer = start(consumerIn(to), url);
    expect(await start(producerIn(from), { ...url, ...ONCE }).end()).toBe(0);
    await consumer.waitForLine(/Received/);
    expect(consumer.lines).toEqual([WAITING, received(from)]);
  },
);

test.for(LIBRARIES)(
  'a URL with a user and no password means `guest`: %s',
  async (library, { start, vhost }) => {
    const { hostname, port } = vhost.address;
    const url = { AMQP_URL: `amqp://guest@${hostname}:${port}/${encodeURIComponent(vhost.name)}` };
    expect(await start(producerIn(library), { ...url, ...ONCE }).end()).toBe(0);
  },
);

// The certificates are those of lesson 15. One test and not two: the user's name is in the
// certificate, so only one test can make the user.
test('messages cross both ways when a certificate says who the programs are', async ({
  onTestFinished,
  start,
  vhost,
}) => {
  await callApi('PUT', '/api/users/lab-pika', { password_hash: '', tags: '' });
  onTestFinished(async () => void (await callApi('DELETE', '/api/users/lab-pika')));
  const permissions = `/api/permissions/${encodeURIComponent(vhost.name)}/lab-pika`;
  await callApi('PUT', permissions, { configure: '.*', write: '.*', read: '.*' });
  const external = {
    AMQP_TLS: 'true',
    AMQP_PORT: '5671',
    AMQP_CA_FILE: '/certificates/ca.pem',
    AMQP_CERT_FILE: '/certificates/pika.pem',
    AMQP_KEY_FILE: '/certificates/client.key',
    AMQP_AUTH_MECHANISM: 'EXTERNAL',
  };
  for (const [from, to] of DIRECTIONS) {
    const consumer = start(consumerIn(to), external);
    expect(await start(producerIn(from), { ...external, ...ONCE }).end()).toBe(0);
    await consumer.waitForLine(/Received/);
    expect(await consumer.stop()).toBe(0);
    expect(consumer.lines.slice(0, 2)).toEqual([WAITING, received(from)]);
  }
});

test.for(DIRECTIONS)(
  'a message of %s that is asked for by %s is acknowledged, and then there is none',
  async ([from, to], { start, vhost }) => {
    await start(producerIn(from), ONCE).end();
    const ask = async () => {
      const consumer = start(consumerIn(to), {}, ['get']);
      expect(await consumer.end()).toBe(0);
      return consumer.lines;
    };
    expect(await ask()).toEqual([received(from)]);
    expect(await vhost.queue('hello')).toEqual({ ready: 0, consumers: 0 });
    expect(await ask()).toEqual([' [*] The queue is empty']);
  },
);

test('all four stopped in the middle: what was sent is received once or still in the queue', async ({
  start,
  vhost,
}) => {
  const consumers = LIBRARIES.map((library) => start(consumerIn(library)));
  await vhost.waitForQueue('hello', { ready: 0, consumers: 2 });
  const fast = { PUBLISH_INTERVAL_MS: '1' };
  const producers = LIBRARIES.map((library) => start(producerIn(library), fast));
  for (const consumer of consumers) {
    for (const library of LIBRARIES) await consumer.waitForLine(new RegExp(`from ${library}$`), 20);
  }
  for (const program of [...consumers, ...producers]) expect(await program.stop()).toBe(0);

  const count = (programs: typeof producers, line: RegExp) =>
    programs.flatMap((program) => program.all(line)).length;
  const { ready } = await vhost.queue('hello');
  expect(count(consumers, /Received/) + ready).toBe(count(producers, /Sent/));
});

test.for(LIBRARIES)(
  'a message from anywhere else is shown by %s: its bytes are UTF-8, its sender is unknown',
  async (library, { start, vhost }) => {
    await vhost.declare('hello');
    await vhost.send('hello', 'Grüße');
    const consumer = start(consumerIn(library));
    await consumer.waitForLine(/Received/);
    expect(consumer.lines).toEqual([WAITING, " [x] Received 'Grüße'"]);
  },
);

test.for(LIBRARIES)(
  'a wrong password ends the program of %s in the words of the broker',
  async (library, { start }) => {
    const producer = start(producerIn(library), { AMQP_PASSWORD: 'wrong' });
    expect(await producer.end()).toBe(1);
    expect(producer.lines).toEqual([
      expect.stringMatching(/^ \[!\] .*ACCESS_REFUSED - Login was refused using .* PLAIN/),
    ]);
  },
);

test.for(LIBRARIES)(
  'of several hosts a program of %s takes the first that answers',
  async (library, { start, vhost }) => {
    const { hostname } = vhost.address;
    // A name that is not known, an address at which nobody listens, and the broker.
    const several = { AMQP_HOST: `not.there.invalid,127.0.0.18,${hostname}`, ...ONCE };
    const producer = start(producerIn(library), several);
    expect(await producer.end()).toBe(0);
    expect(producer.lines.at(-1)).toBe(SENT);
  },
);

test.for(LIBRARIES)(
  'the scheme of a URL says to %s whether it is TLS, and not `AMQP_TLS`',
  async (library, { start, vhost }) => {
    const { hostname, port, name } = { ...vhost.address, name: encodeURIComponent(vhost.name) };
    const url = { AMQP_URL: `amqp://guest:guest@${hostname}:${port}/${name}`, AMQP_TLS: 'true' };
    const producer = start(producerIn(library), { ...url, ...ONCE });
    expect(await producer.end()).toBe(0);
    expect(producer.lines).toEqual([SENT]);
  },
);

test.for([
  ['AMQP_PORT', 'ten'],
  ['AMQP_PORT', '70000'],
  ['PUBLISH_COUNT', '0'],
  ['PUBLISH_COUNT', '1.5'],
  ['PUBLISH_INTERVAL_MS', '-1'],
  ['AMQP_HOST', 'one, two'],
  ['AMQP_TLS', 'yes'],
  ['AMQP_AUTH_MECHANISM', 'EXTERNAL'],
  ['AMQP_CERT_FILE', '/not/there.pem'],
  ['AMQP_CA_FILE', '/not/there.pem'],
  ['AMQP_URL', 'http://guest:secret@broker'],
  ['AMQP_URL', 'amqp://guest:secret@broker:port'],
  ['AMQP_URL', 'amqp://guest:secret@broker/?heartbeat=5'],
  ['AMQP_USERNAME', 'guest'],
] as const)(
  '`%s=%s` ends both producers with the same line and status 2',
  async ([name, value], { run }) => {
    const said = [];
    for (const library of LIBRARIES) {
      const producer = run(producerIn(library), { [name]: value }, []);
      expect(await producer.end()).toBe(2);
      expect(producer.lines).toEqual([expect.stringMatching(/^ \[!\] `[A-Z_]+`/)]);
      said.push(producer.lines.join().replace('that Node knows', 'that Python knows'));
    }
    expect(said[0]).toBe(said[1]);
    expect(said[0]).not.toContain('secret');
  },
);

test('a lost connection is the end of the program in Python, with one line', async ({
  start,
  vhost,
}) => {
  const consumer = start(consumerIn('pika'));
  await consumer.waitForLine(/Waiting/);
  await vhost.closeConnection();
  expect(await consumer.end()).toBe(1);
  expect(consumer.lines).toEqual([
    WAITING,
    expect.stringMatching(/^ \[!\] ConnectionClosedByBroker: \(320\) .CONNECTION_FORCED - /),
  ]);
});

test.for(LIBRARIES)(
  'a consumer of %s given a word it does not know says how it is used',
  async (library, { misuse }) => {
    expect(await misuse(consumerIn(library), ['push'])).toEqual([
      'Usage: [get], to ask for one message',
    ]);
  },
);

// The tests above run these programs: a call that stands in none of them would not be tested.
test('each call of the notes stands in the table of the page, and in a program', () => {
  const calls = [
    ...['BlockingConnection', 'channel', 'queue_declare', 'basic_publish', 'basic_consume'],
    ...['callback', 'basic_get', 'basic_ack', 'start_consuming', 'ConnectionParameters'],
    ...['URLParameters', 'PlainCredentials', 'ExternalCredentials', 'close'],
  ];
  const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const firstColumn = read('lessons/18-pika.md').match(/^\|[^|]+/gm) ?? [];
  const programs = [producerIn('pika'), consumerIn('pika'), 'broker/client/connection.py'].map(
    read,
  );
  for (const call of calls) {
    expect(firstColumn.join('\n')).toContain(`${call}(`);
    expect(programs.join('\n')).toContain(`${call}(`);
  }
});
