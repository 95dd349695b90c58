// 10-message-life, the receiving side: takes a parcel, and does one thing with it.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect } from '../broker/client/connect.ts';
import { declare, QUEUE } from '../broker/topology/10-message-life.ts';

// Without a word each parcel is given back once, and acknowledged when it comes again: you will see
// its life pass by in the log. A word stops it at one step, with one parcel.
const word = readWord();

const connection = await connect();
const channel = await connection.createChannel();
await declare(channel);

// With a prefetch of 1 the broker delivers one parcel and no more until that one is settled.
await channel.prefetch(1);

const { consumerTag } = await channel.consume(QUEUE, async (parcel) => {
  const again = parcel.fields.redelivered;
  console.log(` [x] Received '${parcel.content}'${again ? ' (redelivered)' : ''}`);

  // To hold it, do nothing: the parcel stays delivered and unacknowledged until this program ends.
  if (word === 'hold') return;

  // With a word the consumer is cancelled before the rest. Else the broker would deliver the next
  // parcel, or the same one again.
  if (word) await channel.cancel(consumerTag);
  else await pause(400);

  const acks = word === 'ack' || (!word && again);
  if (acks) channel.ack(parcel);
  else channel.nack(parcel);
  console.log(acks ? ' [x] Acked' : ' [x] Requeued');
  // Not awaited: it lets this callback end first.
  if (word) void connection.close();
});
if (!word) console.log(' [*] Waiting for messages. To exit press CTRL+C');

function readWord() {
  try {
    const [word, ...more] = parseArgs({ allowPositionals: true }).positionals;
    const isKnown = word === undefined || ['hold', 'requeue', 'ack'].includes(word);
    if (!isKnown || more.length > 0) throw new Error('unknown');
    return word;
  } catch {
    console.error(
      'Usage: [hold|requeue|ack]: take one parcel and hold it, give it back, or acknowledge it',
    );
    process.exit(2);
  }
}
