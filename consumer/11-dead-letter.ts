// 11-dead-letter, the receiving side: a job that fails is tried again, later, or finally parked.
import { parseArgs } from 'node:util';
import type { ConsumeMessage, GetMessage } from 'amqplib';
import { connect } from '../broker/client/connect.ts';
import { DELAYS_MS, declare, JOBS, PARKED, retryQueue } from '../broker/topology/11-dead-letter.ts';

const word = readWord();
const connection = await connect();
const channel = await connection.createChannel();
await declare(channel);

if (word === 'parked' || word === 'release') {
  await look();
  await connection.close();
} else {
  await channel.prefetch(1);
  await channel.consume(JOBS, work);
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
}

async function work(job: ConsumeMessage): Promise<void> {
  // The program counts its attempts in a header of its own.
  const { headers, messageId } = job.properties;
  const { attempt = 1 } = headers ?? {};
  const name = `'${job.content}' (attempt ${attempt})`;
  console.log(` [x] Received ${name}`);

  // "Job 2 fails 2 times" fails at the attempts 1 and 2.
  const failures = Number(/fails (\d+)/.exec(job.content.toString())?.[1] ?? 0);
  const delayMs = DELAYS_MS[attempt - 1];
  if (attempt > failures) {
    console.log(` [x] Done ${name}`);
    channel.ack(job);
  } else if (delayMs) {
    // To wait here would keep all other jobs waiting. So a copy of the job waits in a retry queue,
    // which gives it back to `jobs` when the delay is over. The ack comes after the copy is
    // confirmed: should this program die in between, there are two copies, and not none.
    const options = { persistent: true, messageId, headers: { attempt: attempt + 1 } };
    await channel.publish('', retryQueue(delayMs), job.content, options);
    console.log(` [x] Failed ${name}, again in ${delayMs / 1000} s`);
    channel.ack(job);
  } else {
    // No more delays: this one is a poison message. `false` as the second argument means that the
    // broker must not requeue it, and so it goes to the dead letter exchange of the queue.
    console.log(` [x] Rejected ${name}`);
    channel.reject(job, false);
  }
}

// Looks into the parking lot. What is got and not acked is in the queue again when the program
// ends; with "release" each job begins anew, without its past.
async function look(): Promise<void> {
  const { messageCount } = await channel.checkQueue(PARKED);
  for (let i = 0; i < messageCount; i++) {
    const job = await channel.get(PARKED);
    if (!job) break;
    console.log(` [x] ${word === 'release' ? 'Released' : 'Parked'} '${job.content}'`);
    for (const line of deaths(job)) console.log(`     ${line}`);
    if (word !== 'release') continue;
    await channel.publish('', JOBS, job.content, { persistent: true });
    channel.ack(job);
  }
  console.log(` [*] ${messageCount} parked`);
}

// `x-death` is written by the broker: an entry for each queue and reason, the latest death first.
function deaths({ properties }: GetMessage): string[] {
  return (properties.headers?.['x-death'] ?? []).map(({ reason, queue, count, time }) => {
    const at = new Date(1000 * time.value).toISOString().slice(11, 19);
    return `${reason} in ${queue}, count ${count}, at ${at}`;
  });
}

function readWord() {
  try {
    const words = parseArgs({ allowPositionals: true }).positionals.join(' ');
    if (!/^(|work|parked|release)$/.test(words)) throw new Error('unknown');
    return words;
  } catch {
    console.error(
      'Usage: [work|parked|release]: do jobs, list the parked ones, or send them again',
    );
    process.exit(2);
  }
}
