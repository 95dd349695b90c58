// 02-work-queue, a worker: takes a task, does it, and only then says that it is done.
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/02-work-queue.ts';

const { prefetch } = loadSettings();

await connect(async (channel) => {
  await declare(channel);

  // How many tasks this worker may hold at a time. With 1, the next one comes when this one is
  // acknowledged, so a busy worker gets nothing that a free one could do. With PREFETCH=0 there is
  // no bound: the broker deals all tasks out at once, in turn, whoever is busy.
  await channel.prefetch(prefetch);

  // A worker has one pair of hands. Node would run the callbacks of several messages side by side,
  // so each task waits here for the one before it.
  let before = Promise.resolve();

  // `noAck: false`: the broker keeps the task until `ack`. If this program dies before that,
  // another worker gets the task, and there you will see it marked as redelivered.
  await channel.consume(
    QUEUE,
    (message) => {
      before = before.then(() => work(message)).then(() => channel.ack(message));
      return before;
    },
    { noAck: false },
  );
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
});

// The work is only played: one second for each dot in the task.
async function work({ content, fields }: ConsumeMessage): Promise<void> {
  const task = content.toString();
  console.log(` [x] Received '${task}'${fields.redelivered ? ' (redelivered)' : ''}`);
  await pause(1000 * (task.split('.').length - 1));
  console.log(' [x] Done');
}
