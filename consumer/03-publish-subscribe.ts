// 03-publish-subscribe, the receiving side: subscribers, and each gets every message.
import { parseArgs } from 'node:util';
import { connect } from '../broker/client/connect.ts';

// Each word on the command line is the name of a subscriber. Without any there are two of them in
// this one program, so that you can see on one screen that both get every message.
const given = readNames();
const subscribers = given.length > 0 ? given : ['screen', 'disk'];

// The exchange is declared on this side too, since no one knows which side starts first.
const connection = await connect();
const channel = await connection.createChannel();
await channel.assertExchange('logs', 'fanout', { durable: false });

for (const subscriber of subscribers) {
  // A queue of its own for each subscriber. With an empty name the broker makes one up, such as
  // amq.gen-JzTY20BRgKO-HjmUJj0wLg. `exclusive`: only this connection may use the queue, and when
  // the connection ends, the broker deletes it.
  const { queue } = await channel.assertQueue('', { exclusive: true });

  // The binding: "this queue wants what comes to that exchange". Messages that were sent before
  // this moment never arrive here, so the first number you will see isn't always 1.
  await channel.bindQueue(queue, 'logs', '');

  // The consumer tag is the consumer's name on this channel, and comes with each message.
  await channel.consume(
    queue,
    ({ content, fields }) => {
      console.log(` [x] Received '${content}' for ${fields.consumerTag}`);
    },
    { noAck: true, consumerTag: subscriber },
  );
}
console.log(' [*] Waiting for messages. To exit press CTRL+C');

function readNames(): string[] {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    if (new Set(positionals).size < positionals.length) throw new Error('twice the same');
    return positionals;
  } catch {
    console.error('Usage: [name]..., each of them once, such as: printer');
    process.exit(2);
  }
}
