// 05-topics, the receiving side: each subscriber asks for topics by patterns.
import { parseArgs } from 'node:util';
import { connect } from '../broker/client/connect.ts';

// The patterns on the command line make one subscriber. Without any there are two of them in this
// one program: "pager" with two patterns, and "kernel" with one.
const given = readPatterns();
const two = { pager: ['*.critical', 'kern.*'], kernel: ['kern.#'] };
const subscribers = given.length > 0 ? { '': given } : two;

const connection = await connect();
const channel = await connection.createChannel();
await channel.assertExchange('topic_logs', 'topic', { durable: false });

for (const [subscriber, patterns] of Object.entries(subscribers)) {
  const { queue } = await channel.assertQueue('', { exclusive: true });

  // In a binding key * stands for exactly one word, and # for any number of words, also for none.
  // "kern.critical" fits both patterns of the pager. You will see it come once all the same: an
  // exchange gives a queue one copy, however many of its bindings fit.
  for (const pattern of patterns) await channel.bindQueue(queue, 'topic_logs', pattern);

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

// A binding key is at most 255 bytes long, like a routing key.
function readPatterns(): string[] {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    if (positionals.some((key) => Buffer.byteLength(key) > 255)) throw new Error('too long');
    return positionals;
  } catch {
    console.error(
      'Usage: [pattern]..., words with dots between them, at most 255 bytes, * for one ' +
        "word, # for any number of words, such as: 'kern.*' '*.critical'",
    );
    process.exit(2);
  }
}
