/** How a program starts, or says why it doesn't: settings, credentials, vhost, a port that is mute. */
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'vitest';
import { callApi } from './broker.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/01-hello.ts';
const CONSUMER = 'consumer/01-hello.ts';

// Trap 9: with amqplib's own recovery it would be tried for ever, without a word.
test('a wrong password ends the program at once: one line, status 1', async ({ start, vhost }) => {
  const { hostname, port } = vhost.address;
  const producer = start(PRODUCER, { AMQP_PASSWORD: 'wrong' });
  expect(await producer.end()).toBe(1);
  expect(producer.lines).toEqual([
    ` [!] ${hostname}:${port} refused: ACCESS_REFUSED - Login was refused using authentication ` +
      'mechanism PLAIN. For details see the broker logfile. ' +
      'Check `AMQP_USER` ("guest") and `AMQP_PASSWORD`.',
  ]);
});

test('a vhost that does not exist ends the program in the words of the broker', async ({
  start,
}) => {
  const consumer = start(CONSUMER, { AMQP_VHOST: 'nowhere' });
  expect(await consumer.end()).toBe(1);
  expect(consumer.lines).toEqual([
    expect.stringMatching(/refused: NOT_ALLOWED - vhost nowhere not found\. .*`AMQP_VHOST`/),
  ]);
});

test('a vhost where the user may not enter ends the program in the words of the broker', async ({
  onTestFinished,
  start,
  vhost,
}) => {
  const user = `/api/users/${encodeURIComponent(vhost.name)}`;
  await callApi('PUT', user, { password: 'secret', tags: '' });
  onTestFinished(async () => void (await callApi('DELETE', user)));
  const consumer = start(CONSUMER, { AMQP_USER: vhost.name, AMQP_PASSWORD: 'secret' });
  expect(await consumer.end()).toBe(1);
  expect(consumer.lines).toEqual([
    expect.stringContaining(
      `refused: NOT_ALLOWED - access to vhost '${vhost.name}' refused for user '${vhost.name}'. `,
    ),
  ]);
});

test.for([PRODUCER, CONSUMER])(
  '%s: a queue that exists with other arguments ends it with the reason, status 1',
  async (file, { start, vhost }) => {
    await vhost.declare('hello', true);
    const program = start(file);
    expect(await program.end()).toBe(1);
    expect(program.lines).toEqual([
      expect.stringMatching(/ \[!\] .* refused: PRECONDITION_FAILED - inequivalent arg 'durable' /),
    ]);
  },
);

test('a declaration that the broker answers by closing the connection ends it too', async ({
  start,
}) => {
  const program = start('tests/fixtures/bad-exchange.ts');
  expect(await program.end()).toBe(1);
  expect(program.lines).toEqual([expect.stringMatching(/refused: .*unknown exchange type/)]);
});

test.for([
  [PRODUCER, { PUBLISH_COUNT: 'ten' }, /^ \[!\] `PUBLISH_COUNT` must be .* got "ten"/],
  [CONSUMER, { AMQP_PORT: '0' }, /^ \[!\] `AMQP_PORT` must be .* from 1 to 65535, got "0"/],
  [CONSUMER, { AMQP_HOTS: 'x' }, /^ \[!\] `AMQP_HOTS` is not a setting of this lab\. /],
] as const)(
  '%s with %o does not start: one line, status 2',
  async ([file, bad, words], { start }) => {
    const program = start(file, bad);
    expect(await program.end()).toBe(2);
    expect(program.lines).toEqual([expect.stringMatching(words)]);
  },
);

// C13: it listed the Python program of lesson 18 too.
test.for([
  ['99-nothing', 'There is no lesson "99-nothing".'],
  ['19-by-hand', 'Lesson "19-by-hand" runs without this lab: follow lessons/19-by-hand.md.'],
] as const)(
  'no program for lesson %s: why, and the lessons there are, status 2',
  async ([lesson, why], { start }) => {
    const pages = globSync('lessons/[0-9][0-9]-*.md').map((page) => basename(page, '.md'));
    const lessons = pages.filter((page) => page !== '19-by-hand').toSorted();
    const program = start(`producer/${lesson}.ts`);
    expect(await program.end()).toBe(2);
    expect(program.lines).toEqual([` [!] ${why} \`LESSON\` is one of: ${lessons.join(', ')}.`]);
  },
);

test('a host that does not exist is waited for, and the line says so', async ({ start }) => {
  const producer = start(PRODUCER, { AMQP_HOST: 'no-such-host.invalid' });
  await producer.waitForLine(/no-such-host.invalid:\d+ is not there yet \(no such host\)/);
  expect(await producer.stop()).toBe(0);
});

test('a program that still waits for the broker ends in order when it is told to', async ({
  proxy,
  start,
}) => {
  proxy.refuse();
  const consumer = start(CONSUMER, proxy.env);
  await consumer.waitForLine(/not there yet/);
  expect(await consumer.stop()).toBe(0);
});

// Trap 10: without a timeout amqplib waits for ever.
test('a port that accepts and says nothing is reported, and the next attempt goes on', async ({
  proxy,
  start,
}) => {
  proxy.silent = true;
  const producer = start(PRODUCER, { PUBLISH_COUNT: '1', ...proxy.env });
  await producer.waitForLine(/ is not there yet \(it does not answer\)\. Trying again until it is/);
  proxy.silent = false;
  await producer.waitForLine(/Connected/);
  expect(await producer.end()).toBe(0);
});
