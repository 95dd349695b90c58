/**
 * One measurement, in a process of its own so that its CPU and memory are the client's alone.
 * Usage: node bench/measure.ts TASK    a Task as JSON; prints a Result as JSON
 * With an IPC channel a consumer waits for a message to begin, tells how far it is, and never ends.
 */
import { once } from 'node:events';
import type { Open } from './clients/client.ts';
import type { Result, Task } from './measurement.ts';
import { quantile } from './statistics.ts';
import { consume, latency, publish } from './workloads.ts';

const task: Task = JSON.parse(process.argv[2] ?? '');
const { warmUp, count } = task;

// A measurement holds only the library that it measures.
const { open } = (await import(`./clients/${task.client}.ts`)) as { open: Open };
const client = await open(task.host);

const rssBefore = process.memoryUsage.rss();
let rssPeak = rssBefore;
const lookAtRss = () => {
  rssPeak = Math.max(rssPeak, process.memoryUsage.rss());
};
setInterval(lookAtRss, 20).unref();

if (process.send) await consumeWithOthers();
else {
  const result = await run();
  await client.close();
  console.log(JSON.stringify(result));
}

async function run(): Promise<Result> {
  let stop: () => Result = start();
  const begin = () => {
    stop = start();
  };
  if (task.workload === 'publish') {
    await publish(client, task, warmUp);
    begin();
    await publish(client, task, count);
    return stop();
  }
  if (task.workload === 'latency') {
    const took = await latency(client, task, begin);
    return { ...stop(), p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
  }
  return new Promise((resolve) => {
    void consume(client, task, (acked) => {
      if (acked === warmUp) begin();
      if (acked === warmUp + count) resolve(stop());
    });
  });
}

/** Begins to measure; what it returns ends that. */
function start(): () => Result {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  return () => {
    const seconds = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    lookAtRss();
    return {
      messages: count / seconds,
      cpu: (user + system) / count,
      rss: (rssPeak - rssBefore) / 1e6,
    };
  };
}

/** Reports every few messages: often enough for the sum to be right, too seldom to cost much. */
async function consumeWithOthers(): Promise<void> {
  const every = task.waitMs > 0 ? 1 : 100;
  process.send?.('ready');
  await once(process, 'message');
  await consume(client, task, (acked) => {
    if (acked % every === 0) process.send?.(every);
  });
}
