/** Works on each message for a moment, enters it, and acknowledges it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import { connect } from '../broker/client/connect.ts';
import { Journal, readWords } from './journal.ts';
import { HURRY, isMarked, Taster } from './marks.ts';
import { declare, findRows, type Row } from './rows.ts';

/** How long the work on a message takes, in milliseconds: a fault shall find some in hand. */
const WORK_MS = 10;

// `hands`: how many messages of a queue are worked on at a time, and the prefetch.
const words = readWords({ rows: 'classic', hands: '100' });
const count = Number(words.hands);
const connection = await connect();
await Promise.all(findRows(words.rows).map(run));

async function run(row: Row): Promise<void> {
  const journal = new Journal(row.name, 'consumer');
  journal.watch(connection);
  const channel = await connection.createChannel();
  await declare(channel, row);
  await channel.prefetch(count);
  // With auto-ack the broker sends all at once, and the prefetch bounds nothing: they wait here.
  const hands = Array.from({ length: count }, () => Promise.resolve());
  let turn = 0;
  const takeInHand = (message: ConsumeMessage) => {
    const hand = turn++ % count;
    const work = (hands[hand] as Promise<void>).then(() => workOn(message));
    hands[hand] = work;
    return work;
  };
  const taster = new Taster(row.name);
  const known = new Set(row.consumer === 'once' ? journal.earlier.map(({ id }) => `${id}`) : []);
  // A stream keeps everything, and its reader says where to begin.
  const where = row.queue === 'stream' ? { 'x-stream-offset': 'first' } : {};
  await channel.consume(row.name, takeInHand, {
    noAck: row.consumer === 'automatic',
    arguments: where,
  });

  async function workOn(message: ConsumeMessage): Promise<void> {
    const { messageId } = message.properties;
    if (taster.isPoison(messageId)) {
      await pause(WORK_MS);
      // RabbitMQ before 3.13 answers a nack to a stream with 540, and closes the connection of all rows.
      if (row.queue === 'stream') channel.ack(message);
      else if (row.consumer !== 'automatic') channel.nack(message);
      return;
    }
    if (!known.has(messageId)) {
      if (!isMarked(HURRY)) await pause(WORK_MS);
      if (row.consumer === 'once') known.add(messageId);
      // Not when it came: what nobody finished, and nobody gets again, would pass for received.
      const word = message.fields.redelivered ? 'redelivered' : 'received';
      journal.enter(word, Number(message.content));
    }
    if (row.consumer !== 'automatic') channel.ack(message);
  }
}
