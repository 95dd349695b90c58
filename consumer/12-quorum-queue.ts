// 12-quorum-queue, the receiving side: the same parcels from two queues of different types.
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import type { LabChannel } from '../broker/channel.ts';
import { connect } from '../broker/connection.ts';
import { CLASSIC, declare, QUORUM } from '../broker/topology/12-quorum-queue.ts';

// What the broker says of earlier deliveries. From a classic queue it is a mark: not the first
// time. A quorum queue counts: the header `x-delivery-count` is the number of times before.
function earlier({ fields, properties }: ConsumeMessage): string {
  const count = properties.headers?.['x-delivery-count'];
  if (count) return ` (x-delivery-count ${count})`;
  return fields.redelivered ? ' (redelivered)' : '';
}

// Each queue has its own consumer, with one parcel in hand. A broken parcel is given back, as a
// program does that can't reach its database: perhaps it works the next time. It never does here.
async function receive(channel: LabChannel, queue: string): Promise<void> {
  await channel.consume(queue, async (parcel) => {
    const text = parcel.content.toString();
    console.log(` [x] Received '${text}' from ${queue}${earlier(parcel)}`);
    if (!text.endsWith('broken')) return channel.ack(parcel);
    await pause(500); // a real consumer waits too, or it would turn as fast as it can
    channel.reject(parcel, true); // `true`: put it back, to be delivered again
  });
}

await connect(async (channel) => {
  await declare(channel);
  await channel.prefetch(1);
  await receive(channel, CLASSIC);
  await receive(channel, QUORUM);
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
});
