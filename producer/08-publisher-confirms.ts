// 08-publisher-confirms, the sending side: how does it know that the broker has its messages?
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { MessageError } from '../broker/client/errors.ts';
import { declare, MEASURED, ORDERS } from '../broker/topology/08-publisher-confirms.ts';

const [order, queue] = readWords();
const settings = loadSettings();
const connection = await connect(settings);
const channel = await connection.createChannel();
await declare(channel);

// To measure: five hundred messages in three ways. What counts is when a `publish` is awaited.
if (!order || order === 'measure') {
  const publish = () => channel.publish('', MEASURED, Buffer.from('x'), { persistent: true });

  // One by one: each message costs a way to the broker and back.
  const alone = await time('individually', 0, async () => {
    for (let i = 0; i < 500; i++) await publish();
  });

  // In batches: a hundred at once, and then a wait for all of these.
  await time('in batches of 100', alone, async () => {
    for (let i = 0; i < 5; i++) await Promise.all(Array.from({ length: 100 }, publish));
  });

  // In a window: a hundred are on their way. When the oldest is confirmed, the next one may go.
  await time('in a window of 100', alone, async () => {
    const window = Array.from({ length: 100 }, publish);
    for (let i = 100; i < 500; i++) {
      await window.shift();
      window.push(publish());
    }
    await Promise.all(window);
  });
}

async function time(how: string, alone: number, run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  const ms = performance.now() - start;
  const ratio = alone > 0 ? `: ${(alone / ms).toFixed(1)} times as fast` : '';
  console.log(` [x] Published 500 messages ${how} in ${ms.toFixed()} ms${ratio}`);
  await channel.purgeQueue(MEASURED);
  return ms;
}

// Then orders. Every third one has its queue's name misspelt: no queue takes it, and it comes back,
// since it is published as `mandatory`. And yet it is confirmed.
channel.on('return', ({ content, fields }) => {
  console.log(` [x] Returned '${content}': ${'replyText' in fields && fields.replyText}`);
  if (order) process.exitCode = 1;
});
const count = order === 'measure' ? 0 : order ? 1 : settings.publishCount;
for (let placed = 0; placed < count; placed++) {
  if (placed > 0) await pause(settings.publishIntervalMs);
  const text = order ?? `Order ${placed + 1}`;
  const key = queue ?? (!order && placed % 3 === 2 ? 'odrers' : ORDERS);
  const start = performance.now();
  const properties = { mandatory: true, persistent: true };
  const confirmed = channel.publish('', key, Buffer.from(text), properties);
  console.log(` [x] Sent '${text}' to ${key}`);
  try {
    await confirmed;
    console.log(` [x] Confirmed '${text}' after ${(performance.now() - start).toFixed()} ms`);
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    console.log(` [x] Refused '${text}': ${error.message}`);
    process.exitCode = 1;
  }
}
await connection.close();

function readWords(): string[] {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    if (positionals.length > (positionals[0] === 'measure' ? 1 : 2)) throw new Error('too many');
    return positionals;
  } catch {
    console.error('Usage: [measure | "order" [queue]], such as: "Two apples" orders');
    process.exit(2);
  }
}
