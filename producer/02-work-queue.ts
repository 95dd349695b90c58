// 02-work-queue, the sending side: tasks of uneven length. Each dot is one second of work.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

// Words given on the command line are one task: sent once, and the program ends. Otherwise tasks
// are sent for ever, and every third one is long: 5 s, 1 s, 2 s, and again. That is 8 s of work in
// 3 s: too much for one worker or two, and within the powers of three if they share it fairly.
const given = readWords().join(' ');
const dots = ['.....', '.', '..'];
const settings = loadSettings();
const count = given ? 1 : settings.publishCount;

// `durable`: the queue is still there after the broker restarts. In pika:
// `queue_declare('task_queue', durable=True)`.
const connection = await connect(settings);
const channel = await connection.createChannel();
await channel.assertQueue('task_queue', { durable: true });

// A durable queue outlives the broker's restart, but of its messages only those that are
// `persistent`: the broker writes them to its disk, and confirms them after that. So each "Sent" in
// the log is a task that is still there if the broker is killed.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const task = given || `Task ${sent + 1} ${dots[sent % dots.length]}`;
  await channel.publish('', 'task_queue', Buffer.from(task), { persistent: true });
  console.log(` [x] Sent '${task}'`);
}

await connection.close();

function readWords(): string[] {
  try {
    return parseArgs({ allowPositionals: true }).positionals;
  } catch {
    console.error('Usage: [task], a second of work for each dot, such as: A hard task..');
    process.exit(2);
  }
}
