// 18-pika, the receiving side in TypeScript: prints what arrives in the queue "hello".
import type { ConsumeMessage, GetMessage } from 'amqplib';
import type { LabChannel } from '../broker/channel.ts';
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/18-pika.ts';

// A word may be given: to ask for one message, and end.
const [word, ...more] = process.argv.slice(2);
if (![undefined, 'get'].includes(word) || more.length > 0) {
  console.error('Usage: [get], to ask for one message');
  process.exit(2);
}

// One message with three parts, where pika's callback has three arguments. The content is a buffer,
// whatever the sender had. The properties say who sent it, if the sender filled them in.
function callback(channel: LabChannel, message: ConsumeMessage | GetMessage): void {
  const { appId } = message.properties;
  console.log(` [x] Received '${message.content}'${appId ? ` from ${appId}` : ''}`);
  channel.ack(message);
}

if (word === 'get') {
  const broker = await connect(declare);
  const channel = await broker.channel();
  // A message, or `false` if the queue is empty.
  const message = await channel.get(QUEUE);
  if (message) callback(channel, message);
  else console.log(' [*] The queue is empty');
  await broker.close();
} else {
  await connect(async (channel) => {
    await declare(channel);
    // From here on the callback is called whenever a message comes and Node has nothing else to do.
    await channel.consume(QUEUE, (message) => callback(channel, message));
    console.log(' [*] Waiting for messages. To exit press CTRL+C');
  });
}
