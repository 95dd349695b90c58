/**
 * The real containers, started, stopped and killed through the Docker API. The tests run one after
 * another and share the lab: each brings about the state it needs, the first one a running broker.
 */
import { expect, onTestFinished, test } from 'vitest';
import { containersOf, type LabContainer } from './docker.ts';

const [broker] = (await containersOf('broker')) as [LabContainer];
const producers = (await containersOf('producer')) as [LabContainer, LabContainer];
const consumers = (await containersOf('consumer')) as [LabContainer, LabContainer, LabContainer];
const [producer] = producers;
const [consumer] = consumers;

const SENT = " [x] Sent 'Hello World!'";
const RECEIVED = " [x] Received 'Hello World!'";
const sent = /^ \[x\] Sent 'Hello World!'$/;
const received = /^ \[x\] Received 'Hello World!'$/;
const waiting = /^ \[\*\] Waiting for messages\. To exit press CTRL\+C$/;
const lost = /^ \[!\] Lost broker:5672/;

/** In seconds. A container that needs longer is killed, and its status is not 0. */
const CLIENT_GRACE = 2;
const BROKER_GRACE = 3;

const all = (containers: LabContainer[], act: (container: LabContainer) => Promise<unknown>) =>
  Promise.all(containers.map(act));
const stopped = (...containers: LabContainer[]) => all(containers, (c) => c.stop(CLIENT_GRACE));
const started = (...containers: LabContainer[]) => all(containers, (c) => c.start());
const logged = (pattern: RegExp, ...containers: LabContainer[]) =>
  all(containers, (c) => c.waitForLine(pattern));

// The producers first: what they have sent still reaches a consumer, and no later test.
const nothingRuns = async () => {
  await stopped(...producers);
  await stopped(...consumers);
};

// Nothing runs yet: the containers were only made.
test('producer and consumer say that the broker is not there yet, and go on once it is', async () => {
  await started(producer, consumer);
  await logged(/^ \[!\] broker:5672 is not there yet/, producer, consumer);

  await started(broker);

  await logged(sent, producer);
  await logged(received, consumer);
});

test('a consumer that starts before the producer receives its messages', async () => {
  await nothingRuns();
  await started(consumer);
  await logged(waiting, consumer);

  await started(producer);

  await logged(received, consumer);
});

test('a message sent before the consumer starts waits in the queue for it', async () => {
  await nothingRuns();
  await started(producer);
  await logged(sent, producer);
  expect(await producer.stop(CLIENT_GRACE)).toBe(0);

  await started(consumer);

  await logged(received, consumer);
});

test('two producers feed three consumers, and each message arrives once', async () => {
  await nothingRuns();
  await started(...consumers);
  await logged(waiting, ...consumers);
  await started(...producers);
  await logged(sent, ...producers);
  await logged(received, ...consumers);

  const statuses = [...(await stopped(...producers)), ...(await stopped(...consumers))];

  expect(statuses).toEqual([0, 0, 0, 0, 0]);
  const counts = (containers: LabContainer[], line: string) =>
    Promise.all(containers.map((c) => c.count(line)));
  const total = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0);
  expect(total(await counts(consumers, RECEIVED))).toBe(total(await counts(producers, SENT)));
});

test('after a SIGKILL of the broker both sides connect again and messages flow', async () => {
  await started(producer, consumer);
  await logged(received, consumer);

  await broker.kill();
  await logged(lost, producer, consumer);
  producer.mark();
  consumer.mark();
  await broker.start();

  await logged(/^ \[!\] Connected to broker:5672/, producer, consumer);
  await logged(sent, producer);
  await logged(received, consumer);
});

test.each([
  ['producer', producer],
  ['consumer', consumer],
])('messages flow again after a restart of the %s', async (_name, restarted) => {
  await started(producer, consumer);
  await logged(received, consumer);

  expect(await restarted.stop(CLIENT_GRACE)).toBe(0);
  producer.mark();
  consumer.mark();
  await restarted.start();

  await logged(sent, producer);
  await logged(received, consumer);
});

test('a memory alarm stops the producer, which says so and goes on when it is over', async () => {
  const setLimit = (...limit: string[]) =>
    broker.exec('rabbitmqctl', '-q', 'set_vm_memory_high_watermark', ...limit);
  await started(broker, producer, consumer);
  await logged(received, consumer);
  onTestFinished(() => setLimit('absolute', '512MiB'));

  await setLimit('0.000001');
  await logged(/^ \[!\] broker:5672 takes no messages for now: low on memory\.$/, producer);
  await setLimit('absolute', '512MiB');
  await logged(/^ \[!\] broker:5672 takes messages again\.$/, producer);

  producer.mark();
  await logged(sent, producer);
});

test('the broker stops in order on SIGTERM, and so do clients that have lost it', async () => {
  await started(producer, consumer);
  await logged(received, consumer);

  expect(await broker.stop(BROKER_GRACE)).toBe(0);
  await logged(lost, consumer);
  expect(await consumer.stop(CLIENT_GRACE)).toBe(0);
});
