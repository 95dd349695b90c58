// 11-dead-letter, the sending side: jobs, some of which will fail.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { declare, JOBS } from '../broker/topology/11-dead-letter.ts';

// A job may be given, and how long it may wait for a worker. It is sent once. Otherwise four kinds
// of them, again and again. The second kind succeeds with the third attempt, the fourth never does.
const { given, expiration } = readWords();
const kinds = ['', ' fails 2 times', '', ' fails 9 times'];
const settings = loadSettings();
const count = given ? 1 : settings.publishCount;

const connection = await connect(settings);
const channel = await connection.createChannel();
await declare(channel);

// `expiration` is the message's own time to live (TTL). When it is over and the message is still
// in the queue, the queue gives it to its dead letter exchange.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const job = given ?? `Job ${sent + 1}${kinds[sent % kinds.length]}`;
  const options = { persistent: true, ...(expiration ? { expiration } : {}) };
  await channel.publish('', JOBS, Buffer.from(job), options);
  console.log(` [x] Sent '${job}'`);
}

await connection.close();

function readWords() {
  try {
    const [given, expiration, ...more] = parseArgs({ allowPositionals: true }).positionals;
    if (more.length > 0 || !/^\d{1,8}$/.test(expiration ?? '0')) throw new Error('unknown');
    return { given, expiration };
  } catch {
    console.error('Usage: ["job" [EXPIRATION_MS]], such as: "Job 9 fails 2 times" 5000');
    process.exit(2);
  }
}
