// 11-dead-letter, the receiving side: a job that fails is tried again, later and later. One that
// fails for ever is parked.
import type { GetMessage } from 'amqplib';
import { connect } from '../broker/connection.ts';
import { DELAYS_MS, declare, JOBS, PARKED, retryQueue } from '../broker/topology/11-dead-letter.ts';

const [how = 'work', ...more] = process.argv.slice(2);
if (!/^(work|parked|release)$/.test(how) || more.length > 0) {
  console.error('Usage: [work|parked|release]: do jobs, list the parked ones, or send them again');
  process.exit(2);
}

if (how === 'work') await work();
else await look();

async function work(): Promise<void> {
  const connecting = connect(async (channel) => {
    await declare(channel);
    await channel.prefetch(1);
    await channel.consume(JOBS, async (job) => {
      // The program counts its attempts in a header of its own.
      const { headers, messageId } = job.properties;
      const { attempt = 1 } = headers ?? {};
      const name = `'${job.content}' (attempt ${attempt})`;
      console.log(` [x] Received ${name}`);

      // "Job 2 fails 2 times" fails at the attempts 1 and 2.
      const failures = Number(/fails (\d+)/.exec(job.content.toString())?.[1] ?? 0);
      if (attempt > failures) {
        console.log(` [x] Done ${name}`);
        channel.ack(job);
        return;
      }

      // To wait here would keep all other jobs waiting. So a copy of the job waits in a retry
      // queue, which gives it back to `jobs` when the delay is over. The ack comes after the copy
      // is confirmed: should this program die in between, there are two copies, and not none.
      const delayMs = DELAYS_MS[attempt - 1];
      if (delayMs) {
        const options = { persistent: true, messageId, headers: { attempt: attempt + 1 } };
        await (await connecting).publish('', retryQueue(delayMs), job.content, options);
        console.log(` [x] Failed ${name}, again in ${delayMs / 1000} s`);
        channel.ack(job);
        return;
      }

      // No more delays: this one is a poison message. `false` as the second argument means that the
      // broker must not requeue it, and so it goes to the dead letter exchange of the queue.
      console.log(` [x] Rejected ${name}`);
      channel.reject(job, false);
    });
    console.log(' [*] Waiting for messages. To exit press CTRL+C');
  });
  await connecting;
}

// Looks into the parking lot. What is got and not acked is in the queue again when the program
// ends; with "release" each job begins anew, without its past.
async function look(): Promise<void> {
  const broker = await connect(declare);
  const channel = await broker.channel();
  const { messageCount } = await channel.checkQueue(PARKED);
  for (let i = 0; i < messageCount; i++) {
    const job = await channel.get(PARKED);
    if (!job) break;
    console.log(` [x] ${how === 'release' ? 'Released' : 'Parked'} '${job.content}'`);
    for (const line of deaths(job)) console.log(`     ${line}`);
    if (how !== 'release') continue;
    await broker.publish('', JOBS, job.content, { persistent: true });
    channel.ack(job);
  }
  console.log(` [*] ${messageCount} parked`);
  await broker.close();
}

// `x-death` is written by the broker: an entry for each queue and reason, the latest death first.
function deaths({ properties }: GetMessage): string[] {
  return (properties.headers?.['x-death'] ?? []).map(({ reason, queue, count, time }) => {
    const at = new Date(1000 * time.value).toISOString().slice(11, 19);
    return `${reason} in ${queue}, count ${count}, at ${at}`;
  });
}
