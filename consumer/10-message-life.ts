// 10-message-life, the receiving side: takes a parcel, and does one thing with it.
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import type { LabChannel } from '../broker/channel.ts';
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/10-message-life.ts';

const [how = 'both', ...more] = process.argv.slice(2);
if (!/^(both|hold|requeue|ack)$/.test(how) || more.length > 0) {
  console.error(
    'Usage: [hold|requeue|ack]: take one parcel and hold it, give it back, or acknowledge it',
  );
  process.exit(2);
}

function received({ content, fields }: ConsumeMessage): string {
  return ` [x] Received '${content}'${fields.redelivered ? ' (redelivered)' : ''}`;
}

if (how === 'both') {
  // Each parcel is given back once, and acknowledged when it comes again. You will see its life
  // pass by in the log. The words on the command line stop it at one step.
  await connect(async (channel) => {
    await declare(channel);
    await channel.prefetch(1);
    await channel.consume(QUEUE, async (parcel) => {
      console.log(received(parcel));
      await pause(400);
      console.log(parcel.fields.redelivered ? ' [x] Acked' : ' [x] Requeued');
      if (parcel.fields.redelivered) channel.ack(parcel);
      else channel.nack(parcel);
    });
    console.log(' [*] Waiting for messages. To exit press CTRL+C');
  });
} else {
  // With a prefetch of 1 the broker delivers one parcel and no more until that one is settled.
  const { promise: taken, resolve } = Promise.withResolvers<[LabChannel, ConsumeMessage]>();
  const broker = await connect(async (channel) => {
    await declare(channel);
    await channel.prefetch(1);
    await channel.consume(QUEUE, (parcel) => resolve([channel, parcel]));
  });
  const [channel, parcel] = await taken;
  console.log(received(parcel));

  // To hold it, do nothing: the parcel stays delivered and unacknowledged until this program ends.
  // For the rest the consumer is cancelled first. Else the broker would deliver the next parcel, or
  // the same one again.
  if (how !== 'hold') {
    await channel.cancel(parcel.fields.consumerTag);
    if (how === 'ack') channel.ack(parcel);
    else channel.nack(parcel);
    console.log(how === 'ack' ? ' [x] Acked' : ' [x] Requeued');
    await broker.close();
  }
}
