// 04-routing, the receiving side: each subscriber says which severities it wants to have.
import { connect } from '../broker/connection.ts';
import { declare, EXCHANGE, SEVERITIES } from '../broker/topology/04-routing.ts';

const given = process.argv.slice(2);
if (!given.every((severity) => SEVERITIES.includes(severity))) {
  console.error(`Usage: [${SEVERITIES.join('] [')}], such as: warning error`);
  process.exit(2);
}

// The severities on the command line make one subscriber. Without any there are two of them in this
// one program: you will see an error come to both, and the rest to one.
const two = { screen: ['info', 'warning', 'error'], disk: ['error'] };
const subscribers = given.length > 0 ? { '': given } : two;

await connect(async (channel) => {
  await declare(channel);

  for (const [subscriber, severities] of Object.entries(subscribers)) {
    const { queue } = await channel.assertQueue('', { exclusive: true });

    // One binding a severity. A queue may have several of them, and several queues may be bound
    // with the same key. The third argument, the binding key, must equal the message's routing key.
    for (const severity of severities) await channel.bindQueue(queue, EXCHANGE, severity);

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
});
