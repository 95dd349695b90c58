// 11-dead-letter, the sending side: jobs, some of which will fail.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, JOBS } from '../broker/topology/11-dead-letter.ts';

// A job may be given, and how long it may wait for a worker. It is sent once.
const [given, expiration, ...more] = process.argv.slice(2);
if (more.length > 0 || !/^\d{1,8}$/.test(expiration ?? '0')) {
  console.error('Usage: ["job" [EXPIRATION_MS]], such as: "Job 9 fails 2 times" 5000');
  process.exit(2);
}

// Otherwise four kinds of them, again and again. The second kind succeeds with the third attempt,
// the fourth kind never does.
const kinds = ['', ' fails 2 times', '', ' fails 9 times'];
const { publishCount, publishIntervalMs } = loadSettings();
const count = given ? 1 : publishCount;

const broker = await connect(declare);

// `expiration` is the message's own time to live (TTL). When it is over and the message is still
// in the queue, the queue gives it to its dead letter exchange.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  const job = given ?? `Job ${sent + 1}${kinds[sent % kinds.length]}`;
  const options = { persistent: true, ...(expiration ? { expiration } : {}) };
  await broker.publish('', JOBS, Buffer.from(job), options);
  console.log(` [x] Sent '${job}'`);
}

await broker.close();
