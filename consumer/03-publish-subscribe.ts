// 03-publish-subscribe, the receiving side: subscribers, and each gets every message.
import { connect } from '../broker/connection.ts';
import { declare, EXCHANGE } from '../broker/topology/03-publish-subscribe.ts';

// Each word on the command line is the name of a subscriber. Without any there are two of them in
// this one program, so that you can see on one screen that both get every message.
const given = process.argv.slice(2);
if (new Set(given).size < given.length) {
  console.error('Usage: [name]..., each of them once, such as: printer');
  process.exit(2);
}
const subscribers = given.length > 0 ? given : ['screen', 'disk'];

await connect(async (channel) => {
  await declare(channel);

  for (const subscriber of subscribers) {
    // A queue of its own for each subscriber. With an empty name the broker makes one up, such as
    // amq.gen-JzTY20BRgKO-HjmUJj0wLg. `exclusive`: only this connection may use the queue, and when
    // the connection ends, the broker deletes it.
    const { queue } = await channel.assertQueue('', { exclusive: true });

    // The binding: "this queue wants what comes to that exchange". Messages that were sent before
    // this moment never arrive here, so the first number you will see isn't always 1.
    await channel.bindQueue(queue, EXCHANGE, '');

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
});
