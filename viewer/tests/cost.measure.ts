/**
 * What the viewer costs: throughput and latency of messages with the page closed and open, in turn.
 * viewer/test cost runs it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { until } from './broker.ts';
import { Look, test } from './lab.ts';

const ROUNDS = 3;
const PACE = 50;
const SECONDS = 6;
const FLOOD = 20_000;
const UNCONFIRMED = 500;

test('what it costs', { timeout: 300_000 }, async ({ vhost, viewer, browser }) => {
  const consumer = await (await vhost.program('consumer/cost')).createChannel();
  await consumer.assertQueue('cost', { durable: false });
  let hear: (sentAt: number) => void = () => {};
  await consumer.consume('cost', (message) => hear(Number(message?.content)), { noAck: true });
  const producer = await (await vhost.program('producer/cost')).createConfirmChannel();

  let sent = 0;
  function send(): Promise<void> {
    sent += 1;
    const body = Buffer.from(String(performance.now()));
    const { promise, resolve } = Promise.withResolvers<void>();
    producer.sendToQueue('cost', body, { messageId: `m${sent}` }, () => resolve());
    return promise;
  }

  /** Milliseconds from publish to receipt, at a lesson's pace. */
  async function latency(): Promise<{ median: number; p99: number }> {
    const took: number[] = [];
    hear = (sentAt) => took.push(performance.now() - sentAt);
    for (let n = 0; n < PACE * SECONDS; n++) {
      void send();
      await pause(1000 / PACE);
    }
    await until(() => {
      if (took.length < PACE * SECONDS) throw new Error(`${took.length} received`);
    });
    took.sort((a, b) => a - b);
    const at = (share: number) => took[Math.floor(share * took.length)] ?? 0;
    return { median: at(0.5), p99: at(0.99) };
  }

  /** Messages per second, as many as will go. */
  async function throughput(): Promise<number> {
    let received = 0;
    const { promise: all, resolve } = Promise.withResolvers<void>();
    hear = () => {
      received += 1;
      if (received === FLOOD) resolve();
    };
    const began = performance.now();
    const open = new Set<Promise<void>>();
    for (let n = 0; n < FLOOD; n++) {
      const confirmed = send().then(() => void open.delete(confirmed));
      open.add(confirmed);
      if (open.size >= UNCONFIRMED) await Promise.race(open);
    }
    await all;
    return FLOOD / ((performance.now() - began) / 1000);
  }

  console.log(
    `page     median ms   p99 ms   messages/s   (${PACE}/s for ${SECONDS} s; then ${FLOOD} messages)`,
  );
  await throughput(); // warm
  for (let round = 0; round < ROUNDS; round++) {
    for (const state of ['closed', 'open']) {
      const look = state === 'open' ? await Look.open(browser, viewer.url) : undefined;
      if (look) await look.shows('cost');
      const { median, p99 } = await latency();
      const rate = await throughput();
      const cells = [
        median.toFixed(2).padStart(9),
        p99.toFixed(2).padStart(8),
        rate.toFixed(0).padStart(12),
      ];
      console.log(`${state.padEnd(6)} ${cells.join(' ')}`);
      await look?.page.close();
      await until(async () => {
        if (await vhost.tracing()) throw new Error('tracing is still on');
      });
    }
  }
  expect(await vhost.tracing()).toBe(false);
});
