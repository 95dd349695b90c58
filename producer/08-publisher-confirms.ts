// 08-publisher-confirms, the sending side: how does it know that the broker has its messages?
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, MEASURED, ORDERS } from '../broker/topology/08-publisher-confirms.ts';

const [order, queue, ...more] = process.argv.slice(2);
if (more.length > 0 || (order === 'measure' && queue)) {
  console.error('Usage: [measure | "order" [queue]], such as: "Two apples" orders');
  process.exit(2);
}

// An order that no queue takes comes back, since it is published as `mandatory` further down.
const broker = await connect(async (channel) => {
  await declare(channel);
  channel.on('return', ({ content, fields }) => {
    console.log(` [x] Returned '${content}': ${'replyText' in fields && fields.replyText}`);
    if (order) process.exitCode = 1;
  });
});

// To measure: five hundred messages published in three ways. amqplib calls `settle` when the broker
// has confirmed that message, or with an error when it refused it or the channel was lost.
async function measure(): Promise<void> {
  const channel = await broker.channel();
  const publish = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const settle = (error: unknown) => (error ? reject(error) : resolve());
    channel.publish('', MEASURED, Buffer.from('x'), { persistent: true }, settle);
    promise.catch(() => {}); // whoever waits for it hears of it, be it later
    return promise;
  };

  // One by one: each message costs a way to the broker and back.
  const alone = await time('individually', async () => {
    for (let i = 0; i < 500; i++) await publish();
  });

  // In batches: a hundred at once, and then a wait for all of these.
  await time('in batches of 100', async () => {
    for (let i = 0; i < 5; i++) await Promise.all(Array.from({ length: 100 }, publish));
  });

  // In a window: a hundred are on their way. When the oldest is confirmed, the next one may go.
  await time('in a window of 100', async () => {
    const window = Array.from({ length: 100 }, publish);
    for (let i = 100; i < 500; i++) {
      await window.shift();
      window.push(publish());
    }
    await Promise.all(window);
  });

  async function time(how: string, run: () => Promise<void>): Promise<number> {
    const start = performance.now();
    await run();
    const ms = performance.now() - start;
    const ratio = how === 'individually' ? '' : `: ${(alone / ms).toFixed(1)} times as fast`;
    console.log(` [x] Published 500 messages ${how} in ${ms.toFixed()} ms${ratio}`);
    await channel.purgeQueue(MEASURED);
    return ms;
  }
}
if (!order || order === 'measure') await measure().catch((error) => console.log(` [!] ${error}`));

// Then orders. Every third one has its queue's name misspelt: it comes back, and yet is confirmed.
const { publishCount, publishIntervalMs } = loadSettings();
const count = order === 'measure' ? 0 : order ? 1 : publishCount;
for (let placed = 0; placed < count; placed++) {
  if (placed > 0) await pause(publishIntervalMs);
  const text = order ?? `Order ${placed + 1}`;
  const key = queue ?? (!order && placed % 3 === 2 ? 'odrers' : ORDERS);
  const start = performance.now();
  const content = Buffer.from(text);
  const confirmed = broker.publish('', key, content, { mandatory: true, persistent: true });
  console.log(` [x] Sent '${text}' to ${key}`);
  try {
    await confirmed;
    console.log(` [x] Confirmed '${text}' after ${(performance.now() - start).toFixed()} ms`);
  } catch (error) {
    console.log(` [x] Refused '${text}': ${error}`);
    process.exitCode = 1;
  }
}
await broker.close();
