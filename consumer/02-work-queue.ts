// 02-work-queue, a worker: takes a task, does it, and only then says that it is done.
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

// The same queue as on the sending side. A worker that declared it otherwise would be refused.
const settings = loadSettings();
const connection = await connect(settings);
const channel = await connection.createChannel();
await channel.assertQueue('task_queue', { durable: true });

// How many tasks this worker may hold at a time. With 1, the next one comes when this one is
// acknowledged, so a busy worker gets nothing that a free one could do. With PREFETCH=0 there is
// no bound: the broker deals all tasks out at once, in turn, whoever is busy.
await channel.prefetch(settings.prefetch);

// A worker has one pair of hands. Node would run the callbacks of several messages side by side,
// so each task waits here for the one before it.
let before = Promise.resolve();

// `noAck: false`: the broker keeps the task until `ack`. If this program dies before that, another
// worker gets the task, and there you will see it marked as redelivered.
await channel.consume(
  'task_queue',
  (message) => {
    before = before.then(() => work(message));
    return before;
  },
  { noAck: false },
);
console.log(' [*] Waiting for messages. To exit press CTRL+C');

// The work is only played: one second for each dot in the task. The ack comes after it.
async function work(message: ConsumeMessage): Promise<void> {
  const task = message.content.toString();
  console.log(` [x] Received '${task}'${message.fields.redelivered ? ' (redelivered)' : ''}`);
  await pause(1000 * (task.split('.').length - 1));
  console.log(' [x] Done');
  channel.ack(message);
}
