// 18-pika, the receiving side in TypeScript: prints what arrives in the queue "hello".
import { parseArgs } from 'node:util';
import type { ConsumeMessage, GetMessage } from 'amqplib';
import { connect } from '../broker/client/connect.ts';

// A word may be given: to ask for one message, and end.
const word = readWord();

const connection = await connect();
const channel = await connection.createChannel();
await channel.assertQueue('hello', { durable: false });

if (word === 'get') {
  // A message, or `false` if the queue is empty.
  const message = await channel.get('hello');
  if (message) callback(message);
  else console.log(' [*] The queue is empty');
  await connection.close();
} else {
  // From here on the callback is called whenever a message comes and Node has nothing else to do.
  await channel.consume('hello', callback);
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
}

// One message with three parts, where pika's callback has three arguments. The content is a buffer,
// whatever the sender had. The properties say who sent it, if the sender filled them in.
function callback(message: ConsumeMessage | GetMessage): void {
  const { appId } = message.properties;
  console.log(` [x] Received '${message.content}'${appId ? ` from ${appId}` : ''}`);
  channel.ack(message);
}

function readWord() {
  try {
    const [word, ...more] = parseArgs({ allowPositionals: true }).positionals;
    if (![undefined, 'get'].includes(word) || more.length > 0) throw new Error('unknown');
    return word;
  } catch {
    console.error('Usage: [get], to ask for one message');
    process.exit(2);
  }
}
