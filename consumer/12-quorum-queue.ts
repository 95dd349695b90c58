// 12-quorum-queue, the receiving side: the same parcels from two queues of different types.
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import { connect } from '../broker/client/connect.ts';
import { CLASSIC, declare, QUORUM } from '../broker/topology/12-quorum-queue.ts';

const connection = await connect();
const channel = await connection.createChannel();
await declare(channel);

// Each queue has its own consumer, with one parcel in hand.
await channel.prefetch(1);
for (const queue of [CLASSIC, QUORUM]) {
  await channel.consume(queue, (parcel) => receive(parcel, queue));
}
console.log(' [*] Waiting for messages. To exit press CTRL+C');

// A broken parcel is given back, as a program does that can't reach its database: perhaps it works
// the next time. It never does here.
async function receive(parcel: ConsumeMessage, queue: string): Promise<void> {
  const text = parcel.content.toString();
  console.log(` [x] Received '${text}' from ${queue}${earlier(parcel)}`);
  if (!text.endsWith('broken')) return channel.ack(parcel);
  await pause(500); // a real consumer waits too, or it would turn as fast as it can
  channel.reject(parcel, true); // `true`: put it back, to be delivered again
}

// What the broker says of earlier deliveries. From a classic queue it is a mark: not the first
// time. A quorum queue counts: the header `x-delivery-count` is the number of times before.
function earlier({ fields, properties }: ConsumeMessage): string {
  const count = properties.headers?.['x-delivery-count'];
  if (count) return ` (x-delivery-count ${count})`;
  return fields.redelivered ? ' (redelivered)' : '';
}
