/** Lesson 02-work-queue: the real producer and real workers, as processes. */
import { expect } from 'vitest';
import { test } from './lab.ts';

const PRODUCER = 'producer/02-work-queue.ts';
const WORKER = 'consumer/02-work-queue.ts';
const QUEUE = 'task_queue';

const WAITING = ' [*] Waiting for messages. To exit press CTRL+C';
const DONE = ' [x] Done';

test('tasks are of uneven length: every third one is long', async ({ start }) => {
  const four = { PUBLISH_COUNT: '4', PUBLISH_INTERVAL_MS: '0' };
  const producer = start(PRODUCER, four);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([
    " [x] Sent 'Task 1 .....'",
    " [x] Sent 'Task 2 .'",
    " [x] Sent 'Task 3 ..'",
    " [x] Sent 'Task 4 .....'",
  ]);
});

test('words on the command line are one task, persistent in a durable queue', async ({
  start,
  vhost,
}) => {
  const producer = start(PRODUCER, {}, ['A', 'hard', 'task..']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([" [x] Sent 'A hard task..'"]);

  const durable = true;
  await vhost.declare(QUEUE, durable); // 406 if it were not
  const channel = await (await vhost.client()).createChannel();
  expect(await channel.get(QUEUE)).toMatchObject({
    content: Buffer.from('A hard task..'),
    properties: { deliveryMode: 2 },
  });
});

test('a worker takes the tasks one at a time, and acks each when it is done', async ({
  start,
  vhost,
}) => {
  const worker = start(WORKER);
  await worker.waitForLine(/Waiting/);
  await vhost.send(QUEUE, 'one....', 'two');
  await worker.waitForLine(/Received 'one\.{4}'/);
  expect(await vhost.queue(QUEUE)).toEqual({ ready: 1, consumers: 1 });
  await worker.waitForLine(/Done/, 2);
  expect(worker.lines).toEqual([
    WAITING,
    " [x] Received 'one....'",
    DONE,
    " [x] Received 'two'",
    DONE,
  ]);
  expect(await worker.stop()).toBe(0);
  expect(await vhost.queue(QUEUE)).toEqual({ ready: 0, consumers: 0 });
});

test('with a prefetch of 1 the free workers do what a busy one would have got', async ({
  start,
  vhost,
}) => {
  const workers = [start(WORKER), start(WORKER)];
  for (const worker of workers) await worker.waitForLine(/Waiting/);
  await vhost.send(QUEUE, 'long..', '2', '3', '4', '5', '6', '7');
  const busy = await Promise.any(
    workers.map((worker) => worker.waitForLine(/long/).then(() => worker)),
  );
  await busy.waitForLine(/Done/);
  expect(busy.all(/Received/)).toEqual([" [x] Received 'long..'"]);
  const done = workers.filter((worker) => worker !== busy).flatMap((worker) => worker.all(/Done/));
  expect(done).toHaveLength(6);
});

test('without a bound the tasks are dealt out in turn, and the busy worker keeps the others waiting', async ({
  start,
  vhost,
}) => {
  const startWorker = async () => {
    const worker = start(WORKER, { PREFETCH: '0' });
    await worker.waitForLine(/Waiting/);
    return worker;
  };
  const first = await startWorker(); // one after the other: the turns go by who came first
  const second = await startWorker();
  const third = await startWorker();
  await vhost.send(QUEUE, 'long..', '2', '3', '4', '5', '6');
  expect((await vhost.queue(QUEUE)).ready).toBe(0);
  await second.waitForLine(/Done/, 2);
  await third.waitForLine(/Done/, 2);
  expect(first.all(/Done/)).toEqual([]);
  await first.waitForLine(/Done/, 2);

  const received = (...tasks: string[]) => tasks.map((task) => ` [x] Received '${task}'`);
  expect(first.all(/Received/)).toEqual(received('long..', '4'));
  expect(second.all(/Received/)).toEqual(received('2', '5'));
  expect(third.all(/Received/)).toEqual(received('3', '6'));
});

test('the task of a worker that is killed in the middle is done by another', async ({
  start,
  vhost,
}) => {
  const workers = [start(WORKER), start(WORKER)];
  for (const worker of workers) await worker.waitForLine(/Waiting/);
  await vhost.send(QUEUE, 'a task..');
  const victim = await Promise.any(
    workers.map((worker) => worker.waitForLine(/Received/).then(() => worker)),
  );
  expect(await victim.stop('SIGKILL')).toBe('SIGKILL');

  const heir = workers.find((worker) => worker !== victim);
  await heir?.waitForLine(/Done/);
  expect(victim.all(/Done/)).toEqual([]);
  expect(heir?.lines).toEqual([WAITING, " [x] Received 'a task..' (redelivered)", DONE]);
  await heir?.stop();
  expect(await vhost.queue(QUEUE)).toEqual({ ready: 0, consumers: 0 });
});

test('a worker that is told to stop finishes its task first', async ({ start, vhost }) => {
  const worker = start(WORKER);
  await worker.waitForLine(/Waiting/);
  await vhost.send(QUEUE, 'a task.');
  await worker.waitForLine(/Received/);
  expect(await worker.stop()).toBe(0);
  expect(worker.lines.slice(-2)).toEqual([' [!] SIGTERM: closing in order.', DONE]);
  expect(await vhost.queue(QUEUE)).toEqual({ ready: 0, consumers: 0 });
});

test('a worker that loses the connection in the middle of a task ends it before it takes the next', async ({
  proxy,
  start,
  vhost,
}) => {
  const worker = start(WORKER, proxy.env);
  await worker.waitForLine(/Waiting/);
  await vhost.send(QUEUE, 'one...', 'two');
  await worker.waitForLine(/Received/);
  proxy.reset();
  await worker.waitForLine(/Done/, 3);
  expect(worker.lines).toEqual([
    WAITING,
    " [x] Received 'one...'",
    expect.stringMatching(/^ \[!\] Lost .* \(the connection was cut\)\. Connecting again\.$/),
    expect.stringMatching(/^ \[!\] Connected to /),
    DONE,
    expect.stringMatching(/^ \[!\] The channel was lost before the ack\./),
    ' [!] Consuming again.',
    " [x] Received 'one...' (redelivered)",
    DONE,
    " [x] Received 'two'",
    DONE,
  ]);
  await worker.stop();
  expect(await vhost.queue(QUEUE)).toEqual({ ready: 0, consumers: 0 });
});

test('a producer given an option says how it is used', async ({ misuse }) => {
  expect(await misuse(PRODUCER, ['--count=5'])).toEqual([
    expect.stringMatching(/^Usage: \[task\], .* such as: A hard task\.\.$/),
  ]);
});
