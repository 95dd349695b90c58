/** A broker without the lab's permission for the queue of lesson 01: what a program of one's own meets. */
import { expect, onTestFinished } from 'vitest';
import { containersOf, type LabContainer } from './containers/docker.ts';
import { test } from './lab.ts';

const [broker] = (await containersOf('plain-broker')) as [LabContainer];

const ADVICE =
  'Declare the queue as durable or exclusive, or have the broker permit it as ' +
  'broker/server/advanced.config does (lesson 01).';
const REFUSAL = 'INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated.';

test('RabbitMQ 4.3 and later refuse a queue that is neither durable nor exclusive, and earlier ones take it', async ({
  run,
}) => {
  await broker.start();
  onTestFinished(() => broker.kill());
  const starting = await broker.waitForLine(/Starting RabbitMQ/);
  const version = /RabbitMQ ([\d.]+)/.exec(starting)?.[1] ?? 'unknown';
  const denies = version.localeCompare('4.3', 'en', { numeric: true }) >= 0;
  await broker.waitForLine(/Server startup complete/);

  const settings = { AMQP_HOST: 'plain-broker', PUBLISH_COUNT: '1' };
  const inTypeScript = run('producer/01-hello.ts', settings, []);
  const inPython = run('producer/18-pika.py', settings, []);

  expect(await inTypeScript.end()).toBe(denies ? 1 : 0);
  expect(await inPython.end()).toBe(denies ? 1 : 0);
  const sent = " [x] Sent 'Hello World!'";
  expect(inTypeScript.lines).toEqual([
    denies ? ` [!] plain-broker:5672 refused: ${REFUSAL} ${ADVICE}` : sent,
  ]);
  expect(inPython.lines).toEqual([denies ? ` [!] ${REFUSAL} ${ADVICE}` : sent]);
});
