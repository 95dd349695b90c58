// 04-routing, the receiving side: each subscriber says which severities it wants to have.
import { parseArgs } from 'node:util';
import { connect } from '../broker/client/connect.ts';

// The severities on the command line make one subscriber. Without any there are two of them in this
// one program: you will see an error come to both, and the rest to one.
const given = readSeverities();
const two = { screen: ['info', 'warning', 'error'], disk: ['error'] };
const subscribers = given.length > 0 ? { '': given } : two;

const connection = await connect();
const channel = await connection.createChannel();
await channel.assertExchange('direct_logs', 'direct', { durable: false });

for (const [subscriber, severities] of Object.entries(subscribers)) {
  const { queue } = await channel.assertQueue('', { exclusive: true });

  // One binding a severity. A queue may have several of them, and several queues may be bound
  // with the same key. The third argument, the binding key, must equal the message's routing key.
  for (const severity of severities) await channel.bindQueue(queue, 'direct_logs', severity);

  const to = subscriber && ` for ${subscriber}`;
  await channel.consume(
    queue,
    ({ content, fields }) => {
      console.log(` [x] Received '${fields.routingKey}':'${content}'${to}`);
    },
    { noAck: true, consumerTag: subscriber },
  );
}
console.log(' [*] Waiting for messages. To exit press CTRL+C');

function readSeverities(): string[] {
  const known = ['debug', 'info', 'warning', 'error'];
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    if (!positionals.every((word) => known.includes(word))) throw new Error('no such severity');
    return positionals;
  } catch {
    console.error(`Usage: [${known.join('] [')}], such as: warning error`);
    process.exit(2);
  }
}
