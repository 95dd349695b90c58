/** Lesson 09-pull: the real producer and the real consumer, as processes. */
import { expect } from 'vitest';
import { test } from './lab.ts';

const PRODUCER = 'producer/09-pull.ts';
const CONSUMER = 'consumer/09-pull.ts';

/** What the consumer says of a letter: the empty answers before it. */
function emptyAnswers(line: string): number {
  return Number(/after (\d+) empty answers/.exec(line)?.[1]);
}

test('letters that are pulled cost empty answers', async ({ start }) => {
  const consumer = start(CONSUMER, {}, ['10']);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, { PUBLISH_INTERVAL_MS: '600', PUBLISH_COUNT: '3' });
  await consumer.waitForLine(/'Letter 1'/);
  expect(emptyAnswers(await consumer.waitForLine(/'Letter 2'/))).toBeGreaterThan(1);
  expect(emptyAnswers(await consumer.waitForLine(/'Letter 3'/))).toBeGreaterThan(1);
  expect(producer.lines).toContain(" [x] Sent 'Letter 1'");
});

test('letters that are pushed cost none, though nothing comes for a while', async ({ start }) => {
  const consumer = start(CONSUMER, {}, ['push']);
  await consumer.waitForLine(/Waiting/);
  start(PRODUCER, { PUBLISH_INTERVAL_MS: '200', PUBLISH_COUNT: '3' });
  await consumer.waitForLine(/'Letter 3'/);
  expect(consumer.all(/Received/).map(emptyAnswers)).toEqual([0, 0, 0]);
});

test('a single question is answered with one letter and the number of those left, or with "empty"', async ({
  start,
  vhost,
}) => {
  const ask = async () => {
    const consumer = start(CONSUMER, {}, ['once']);
    expect(await consumer.end()).toBe(0);
    return consumer.lines;
  };
  expect(await ask()).toEqual([' [*] The queue is empty']);
  await start(PRODUCER, {}, ['First']).end();
  await start(PRODUCER, {}, ['Second']).end();
  expect(await ask()).toEqual([expect.stringMatching(/Received 'First' \d+ ms/), ' [*] 1 left']);
  expect(await ask()).toEqual([expect.stringMatching(/Received 'Second' \d+ ms/), ' [*] 0 left']);
  expect(await vhost.queue('letters')).toEqual({ ready: 0, consumers: 0 });
  await vhost.declare('letters', true); // durable, or the broker would refuse
});

test('the letter whose reader is killed before the ack is delivered again, and only that one', async ({
  start,
}) => {
  const killed = start(CONSUMER, {}, ['10']);
  await killed.waitForLine(/Waiting/);
  await start(PRODUCER, {}, ['Read before']).end();
  await start(PRODUCER, {}, ['Slow..............................']).end();
  expect(await killed.waitForLine(/Slow/)).not.toContain('delivered before');
  await killed.stop('SIGKILL');

  const next = start(CONSUMER, {}, ['push']);
  expect(await next.waitForLine(/Slow/)).toContain('delivered before');
  expect(next.all(/Received/)).toHaveLength(1);
});

test('asking goes on after the connection was lost', async ({ start, proxy }) => {
  const consumer = start(CONSUMER, proxy.env, ['10']);
  await consumer.waitForLine(/Waiting/);
  proxy.reset();
  await consumer.waitForLine(/Connected/);
  await start(PRODUCER, {}, ['Letter']).end();
  await consumer.waitForLine(/'Letter'/);
});

test('a single question whose answer was lost with the connection is asked again', async ({
  start,
  proxy,
  vhost,
}) => {
  await start(PRODUCER, {}, ['Letter']).end();
  proxy.watch('basic.get-ok', () => 'reset', 1);
  const consumer = start(CONSUMER, proxy.env, ['once']);
  expect(await consumer.end()).toBe(0);
  expect(consumer.lines).toEqual([
    expect.stringMatching(/^ \[!\] Lost /),
    expect.stringMatching(/^ \[!\] Connected to /),
    expect.stringMatching(/^ \[x\] Received 'Letter' .*, delivered before$/),
    ' [*] 0 left',
  ]);
  expect(await vhost.queue('letters')).toEqual({ ready: 0, consumers: 0 });
});

test('a question whose answer had come in part when the connection was lost is asked again', async ({
  open,
  proxy,
  vhost,
}) => {
  await vhost.declare('letters');
  await vhost.send('letters', 'x'.repeat(8_000_000));
  const cut = () => void setImmediate(() => proxy.reset());
  proxy.watch('basic.get-ok', () => cut() as undefined, 1);
  const channel = await open(proxy.address).createChannel();
  const message = await channel.get('letters', { noAck: false });
  expect(message ? message.content.length : 0).toBe(8_000_000);
  expect(proxy.accepted).toHaveLength(2);
});

test('a letter whose connection is lost before the ack is said to come again', async ({
  start,
  proxy,
  vhost,
}) => {
  await start(PRODUCER, {}, ['Slow..']).end();
  const consumer = start(CONSUMER, proxy.env, ['once']);
  await consumer.waitForLine(/Slow/);
  proxy.reset();
  await consumer.end();
  expect(consumer.all(/The channel was lost before the ack/)).toHaveLength(1);
  await vhost.waitForQueue('letters', { ready: 1, consumers: 0 });
});

test('a letter that breaks the asking program ends it with the reason', async ({
  start,
  vhost,
}) => {
  await vhost.declare('letters', true);
  const channel = await (await vhost.client()).createChannel();
  const noNumber = { 'sent-at-ms': { toString: '', valueOf: '' } };
  channel.sendToQueue('letters', Buffer.from('Letter'), { headers: noNumber });
  const consumer = start(CONSUMER);
  expect(await consumer.end()).toBe(1);
  expect(consumer.lines.join('\n')).toContain('TypeError: Cannot convert object to primitive');
});

test('a stop in the middle of a letter leaves it to the next reader', async ({ start, vhost }) => {
  const consumer = start(CONSUMER, {}, ['10']);
  await consumer.waitForLine(/Waiting/);
  await start(PRODUCER, {}, ['Slow..............................']).end();
  await consumer.waitForLine(/Slow/);
  expect(await consumer.stop()).toBe(0);
  expect((await vhost.queue('letters')).ready).toBe(1);
});

test.for(['0', 'often', 'push 5'])(
  'a consumer given "%s" says how it is used',
  async (words, { misuse }) => {
    expect(await misuse(CONSUMER, words.split(' '))).toEqual([
      expect.stringMatching(/^Usage: \[once\|push\|INTERVAL_MS\]/),
    ]);
  },
);

test.for(['', '--once'])('a producer given "%s" says how it is used', async (word, { misuse }) => {
  expect(await misuse(PRODUCER, [word])).toEqual([
    expect.stringMatching(/^Usage: \[letter\], .* such as: Long/),
  ]);
});
