// 09-pull, the receiving side: asks the broker for messages, or has them pushed.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ConsumeMessage, GetMessage } from 'amqplib';
import { connect } from '../broker/client/connect.ts';

// A word may be given: ask once, have letters pushed, or how often to ask, in milliseconds.
const how = readWord();
const connection = await connect();
const channel = await connection.createChannel();
await channel.assertQueue('letters', { durable: true });

// Reads a letter, one second for each dot, and then acknowledges it: only now does the broker
// forget it. That is the same whether the letter was asked for or pushed.
let emptyAnswers = 0;
async function read(letter: GetMessage | ConsumeMessage): Promise<void> {
  const sentAt = letter.properties.headers?.['sent-at-ms'];
  const age = sentAt ? `${Date.now() - sentAt} ms` : 'some time';
  const again = letter.fields.redelivered ? ', delivered before' : '';
  console.log(
    ` [x] Received '${letter.content}' ${age} after it was sent, ` +
      `after ${emptyAnswers} empty answers${again}`,
  );
  emptyAnswers = 0;
  await pause(1000 * letter.content.toString().split('.').slice(1).length);
  channel.ack(letter);
}

if (how === 'once') {
  // One question and one answer. With a message comes the number of those that are left.
  const letter = await channel.get('letters');
  if (letter) await read(letter);
  console.log(letter ? ` [*] ${letter.fields.messageCount} left` : ' [*] The queue is empty');
  await connection.close();
} else if (how === 'push') {
  // Push: one request, and then the broker sends each letter by itself when it is there.
  await channel.prefetch(1);
  await channel.consume('letters', read);
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
} else {
  // Pull: each `get` is a question, and the broker's answer is one message or "empty", at once. So
  // you ask again and again. Either letters lie there for long, or most answers are empty.
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
  for (;;) {
    const letter = await channel.get('letters');
    if (letter) {
      await read(letter);
    } else {
      emptyAnswers++;
      await pause(Number(how));
    }
  }
}

function readWord(): string {
  try {
    const [how = '100', ...more] = parseArgs({ allowPositionals: true }).positionals;
    if (!/^(once|push|[1-9]\d{0,5})$/.test(how) || more.length > 0) throw new Error('no such way');
    return how;
  } catch {
    console.error('Usage: [once|push|INTERVAL_MS], such as: 250 (at most 999999; without it: 100)');
    process.exit(2);
  }
}
