// 05-topics, the receiving side: each subscriber asks for topics by patterns.
import { connect } from '../broker/connection.ts';
import { declare, EXCHANGE, LONGEST_KEY } from '../broker/topology/05-topics.ts';

const given = process.argv.slice(2);
if (given.some((key) => Buffer.byteLength(key) > LONGEST_KEY)) {
  console.error(
    `Usage: [pattern]..., words with dots between them, at most ${LONGEST_KEY} bytes, * for one ` +
      "word, # for any number of words, such as: 'kern.*' '*.critical'",
  );
  process.exit(2);
}

// The patterns on the command line make one subscriber. Without any there are two of them in this
// one program: "pager" with two patterns, and "kernel" with one.
const two = { pager: ['*.critical', 'kern.*'], kernel: ['kern.#'] };
const subscribers = given.length > 0 ? { '': given } : two;

await connect(async (channel) => {
  await declare(channel);

  for (const [subscriber, patterns] of Object.entries(subscribers)) {
    const { queue } = await channel.assertQueue('', { exclusive: true });

    // In a binding key * stands for exactly one word, and # for any number of words, also for none.
    // "kern.critical" fits both patterns of the pager. You will see it come once all the same: an
    // exchange gives a queue one copy, however many of its bindings fit.
    for (const pattern of patterns) await channel.bindQueue(queue, EXCHANGE, pattern);

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
