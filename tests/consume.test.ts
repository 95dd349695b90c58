/**
 * Consumers whose callbacks fail, are slow, or lose their channel. The numbers are those of the
 * traps of amqplib 2.3.1. The programs are fixtures: their messages say what the callback does.
 */
import { describe, expect } from 'vitest';
import { test } from './lab.ts';

const CONSUMER = 'tests/fixtures/consumer.ts';

// 2: the error closes the channel; amqplib leaves the connection up and the consumer mute.
test('after an error on its channel the consumer goes on, on the same connection', async ({
  proxy,
  start,
  vhost,
}) => {
  const consumer = start(CONSUMER, proxy.env);
  await consumer.waitForLine(/ready/);
  await vhost.send('work', 'ack twice');
  await consumer.waitForLine(
    /The channel was closed \(PRECONDITION_FAILED - unknown delivery tag 1\)\. Opening a new one\./,
  );
  await consumer.waitForLine(/ready/, 2);
  await vhost.send('work', 'nothing special');
  await consumer.waitForLine(/done "nothing special"/);
  expect(proxy.accepted).toHaveLength(1);
});

test('no message is handed over before `consume` has resolved, however early it comes', async ({
  proxy,
  start,
  vhost,
}) => {
  await vhost.declare('work');
  await vhost.send('work', 'nothing special');
  proxy.watch('basic.consume', () => proxy.holdBroker());
  const consumer = start(CONSUMER, proxy.env);
  await vhost.waitForQueue('work', { ready: 0, consumers: 1 });
  proxy.release(); // the answer to `consume`, and the message right behind it
  await consumer.waitForLine(/done/);
  expect(consumer.lines).toEqual(['ready', 'got "nothing special"', 'done "nothing special"']);
});

// 15: amqplib closes the channel with 541 in the first case, and leaves the second to Node.
describe('an error of the callback ends the program, and the message waits for another:', () => {
  test.for([
    ['throw', 'Error: thrown by the callback'],
    ['throw later', 'Error: thrown later by the callback'],
  ] as const)('%s', async ([order, error], { start, vhost }) => {
    const consumer = start(CONSUMER);
    await consumer.waitForLine(/ready/);
    await vhost.send('work', order);
    expect(await consumer.end()).toBe(1);
    expect(consumer.lines).toContain(error);
    expect(consumer.lines).toContainEqual(expect.stringMatching(/^ +at .*fixtures.consumer\.ts/));
    await vhost.waitForQueue('work', { ready: 1, consumers: 0 });
  });
});

// 14: amqplib never reports such an error of a connection. Lessons have no connection to listen on,
// only a channel; there the error closes the channel, and the line shows it.
test("an error of a lesson's own listener is shown", async ({ start }) => {
  const program = start('tests/fixtures/unroutable.ts');
  await program.waitForLine(/ \[!\] .*thrown by a listener/);
});

describe('a message in hand when the channel is lost is delivered again,', () => {
  test('and its late ack is no error: the connection was cut', async ({ proxy, start, vhost }) => {
    const consumer = start(CONSUMER, proxy.env);
    await consumer.waitForLine(/ready/);
    await vhost.send('work', 'wait');
    await consumer.waitForLine(/got "wait"/);
    proxy.reset();
    await consumer.waitForLine(/Lost/);
    consumer.proceed();
    await consumer.waitForLine(/The channel was lost before the ack/);
    await consumer.waitForLine(/got "wait" again/);
    await vhost.waitForQueue('work', { ready: 0, consumers: 1 });
  });

  test('and its late ack is no error: the channel is being closed', async ({
    proxy,
    start,
    vhost,
  }) => {
    const consumer = start(CONSUMER, proxy.env);
    await consumer.waitForLine(/ready/);
    await vhost.send('work', 'wait');
    await consumer.waitForLine(/got "wait"/);
    const closing = proxy.passing('channel.close');
    await vhost.deleteQueue('work');
    await closing;
    proxy.holdBroker(); // the channel stays in between: told to close, not closed
    consumer.proceed();
    await consumer.waitForLine(/The channel was lost before the ack/);
    proxy.release();
    await consumer.waitForLine(/ready/, 2);
  });
});
