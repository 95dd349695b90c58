// 09-pull, the receiving side: asks the broker for messages, or has them pushed.
import { setTimeout as pause } from 'node:timers/promises';
import { type ConsumeMessage, type GetMessage, IllegalOperationError } from 'amqplib';
import type { LabChannel } from '../broker/channel.ts';
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/09-pull.ts';

// A word may be given: ask once, have letters pushed, or how often to ask, in milliseconds.
const [how = '100', ...more] = process.argv.slice(2);
if (!/^(once|push|[1-9]\d{0,5})$/.test(how) || more.length > 0) {
  console.error('Usage: [once|push|INTERVAL_MS], such as: 250 (at most 999999; without it: 100)');
  process.exit(2);
}

// Reads a letter, one second for each dot, and then acknowledges it: only now does the broker
// forget it. That is the same whether the letter was asked for or pushed.
let emptyAnswers = 0;
async function read(channel: LabChannel, letter: GetMessage | ConsumeMessage): Promise<void> {
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

// Pull: each `get` is a question, and the broker's answer is one message or "empty", at once. So
// you ask again and again. Either letters lie there for long, or most answers are empty.
async function poll(channel: LabChannel, intervalMs: number): Promise<void> {
  for (;;) {
    const letter = await channel.get(QUEUE);
    if (letter) {
      await read(channel, letter);
    } else {
      emptyAnswers++;
      await pause(intervalMs);
    }
  }
}

// One question and one answer. With a message comes the number of those that are left.
async function askOnce(channel: LabChannel): Promise<void> {
  const letter = await channel.get(QUEUE);
  if (letter) await read(channel, letter);
  console.log(letter ? ` [*] ${letter.fields.messageCount} left` : ' [*] The queue is empty');
}

// `get` and `ack` fail when the channel is lost or closed; `otherwise` is what to do then. Whatever
// else fails is a mistake, and ends the program.
async function unlessLost(channel: LabChannel, work: Promise<void>, otherwise: () => void) {
  const lost = new AbortController();
  channel.once('close', () => lost.abort());
  await work.catch((error) => {
    if (!lost.signal.aborted && !(error instanceof IllegalOperationError)) throw error;
    otherwise();
  });
}

if (how === 'once') {
  const broker = await connect(declare);
  const channel = await broker.channel();
  await unlessLost(channel, askOnce(channel), () => {
    console.log(' [!] Ended without the answer or the ack: a letter in hand is delivered again.');
    process.exitCode = 1;
  });
  await broker.close();
} else {
  await connect(async (channel) => {
    await declare(channel);
    if (how === 'push') {
      // Push: one request, and then the broker sends each letter by itself when it is there.
      await channel.prefetch(1);
      await channel.consume(QUEUE, (letter) => read(channel, letter));
    } else {
      // If the channel is lost, the asking ends. This runs again on the next one, and the broker
      // hands out again what was not acknowledged.
      void unlessLost(channel, poll(channel, Number(how)), () => {});
    }
    console.log(' [*] Waiting for messages. To exit press CTRL+C');
  });
}
