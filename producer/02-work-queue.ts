// 02-work-queue, the sending side: tasks of uneven length. Each dot is one second of work.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/02-work-queue.ts';

const { publishCount, publishIntervalMs } = loadSettings();

// Words given on the command line are one task: sent once, and the program ends. Otherwise tasks
// are sent for ever, and every third one is long: 5 s, 1 s, 2 s, and again. That is 8 s of work in
// 3 s: too much for one worker or two, and within the powers of three if they share it fairly.
const given = process.argv.slice(2).join(' ');
const dots = ['.....', '.', '..'];
const count = given ? 1 : publishCount;

const broker = await connect(declare);

// A durable queue outlives the broker's restart, but of its messages only those that are
// `persistent`: the broker writes them to its disk, and confirms them after that. So each "Sent" in
// the log is a task that is still there if the broker is killed.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  const task = given || `Task ${sent + 1} ${dots[sent % dots.length]}`;
  await broker.publish('', QUEUE, Buffer.from(task), { persistent: true });
  console.log(` [x] Sent '${task}'`);
}

await broker.close();
