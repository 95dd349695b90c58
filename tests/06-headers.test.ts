/** Lesson 06-headers: the real producer and the real consumer, as processes. */
import { expect } from 'vitest';
import { test } from './lab.ts';

const PRODUCER = 'producer/06-headers.ts';
const CONSUMER = 'consumer/06-headers.ts';

const REPORT_IN_PDF = "'format=pdf type=report':'Annual figures'";
const LETTER_IN_PDF = "'format=pdf type=letter':'Dear customer'";
const REPORT_IN_HTML = "'format=html type=report':'Weather today'";
const LETTER_IN_HTML = "'format=html type=letter':'Happy birthday'";

/** Four documents and the first one again: what came before it has arrived, if it ever does. */
const FIVE = { PUBLISH_COUNT: '5', PUBLISH_INTERVAL_MS: '0' };

test('a queue bound with x-match=all gets the documents with all headers, one with any those with one', async ({
  start,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, FIVE);
  expect(await producer.end()).toBe(0);
  await consumer.waitForLine(/Annual figures' from pdf-and-report/, 2);
  await consumer.waitForLine(/Annual figures' from pdf-or-report/, 2);

  const sent = [REPORT_IN_PDF, LETTER_IN_PDF, REPORT_IN_HTML, LETTER_IN_HTML, REPORT_IN_PDF];
  expect(producer.lines).toEqual(sent.map((document) => ` [x] Sent ${document}`));
  const from = (queue: string, ...documents: string[]) =>
    documents.map((document) => ` [x] Received ${document} from ${queue}`);
  expect(consumer.all(/pdf-and-report/)).toEqual(
    from('pdf-and-report', REPORT_IN_PDF, REPORT_IN_PDF),
  );
  expect(consumer.all(/pdf-or-report/)).toEqual(
    from('pdf-or-report', REPORT_IN_PDF, LETTER_IN_PDF, REPORT_IN_HTML, REPORT_IN_PDF),
  );
});

test('documents sent before the consumer starts wait in the queues that asked for them', async ({
  start,
  vhost,
}) => {
  await start(PRODUCER, FIVE).end();
  expect((await vhost.queue('pdf-and-report')).ready).toBe(2);
  expect((await vhost.queue('pdf-or-report')).ready).toBe(4);
});

test.for([
  ['all', ['all', 'lang=en', 'pages=3'], ['both']],
  ['any', ['any', 'lang=en', 'pages=3'], ['both', 'one']],
  ['all and no condition', ['all'], ['both', 'one', 'none']],
] as const)(
  'a consumer given %s receives what its own binding lets through',
  async ([, words, texts], { start }) => {
    const consumer = start(CONSUMER, {}, [...words]);
    await consumer.waitForLine(/Waiting/);
    await start(PRODUCER, {}, ['none', 'lang=fr', 'pages=4']).end();
    await start(PRODUCER, {}, ['one', 'lang=fr', 'pages=3']).end();
    await start(PRODUCER, {}, ['both', 'lang=en', 'pages=3']).end();
    await consumer.waitForLine(/'both'/);
    const received = consumer
      .all(/Received/)
      .map((line) => /:'(\w+)' from amq\.gen-/.exec(line)?.[1]);
    expect(received.toSorted()).toEqual([...texts].toSorted());
  },
);

test('a header of another type does not match', async ({ start, vhost }) => {
  const consumer = start(CONSUMER, {}, ['any', 'pages=3']);
  await consumer.waitForLine(/Waiting/);
  const channel = await (await vhost.client()).createConfirmChannel();
  channel.publish('documents', '', Buffer.from('number'), { headers: { pages: 3 } });
  channel.publish('documents', '', Buffer.from('text'), { headers: { pages: '3' } });
  await channel.waitForConfirms();
  await consumer.waitForLine(/'text'/);
  expect(consumer.all(/Received/)).toHaveLength(1);
});

test('the broker refuses an x-match that it does not know', async ({ start }) => {
  const consumer = start(CONSUMER, {}, ['some', 'pages=3']);
  expect(await consumer.end()).toBe(1);
  expect(consumer.lines.join()).toContain('PRECONDITION_FAILED - Invalid x-match field value');
});

test.for([
  [CONSUMER, 'format=pdf'],
  [CONSUMER, 'any format'],
  [PRODUCER, 'format=pdf'],
  [PRODUCER, 'text format'],
] as const)('%s with "%s" says how it is used', async ([file, words], { misuse }) => {
  expect(await misuse(file, words.split(' '))).toEqual([
    expect.stringMatching(/^Usage: .*format=pdf type=report$/),
  ]);
});
