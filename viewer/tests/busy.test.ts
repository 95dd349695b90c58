/** What the page does when there is more than it can draw, and when there is no broker. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Channel } from 'amqplib';
import { expect, onTestFinished } from 'vitest';
import { LIMITS } from '../server/rate.ts';
import { restartBroker, until } from './broker.ts';
import { Flood, helloIn, sendFirst } from './flood.ts';
import { Look, test, Viewer } from './lab.ts';

/** As many a second until the test is over, if not before. */
function startFlood(channel: Channel, perSecond: number): Flood {
  const flood = new Flood(channel, 'hello', perSecond);
  onTestFinished(() => flood.stop());
  return flood;
}

const late = (look: Look) =>
  look.page.evaluate(() => Number(document.documentElement.dataset.late));
const drawing = (look: Look) => look.page.locator('.banner').getAttribute('data-draw');

async function heapOf(look: Look): Promise<number> {
  const session = await look.page.context().newCDPSession(look.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1024 / 1024;
}

test('twice as many as can be drawn: some of the messages are drawn, and it says how many', async ({
  vhost,
  look,
}) => {
  const producer = await helloIn(vhost);
  await sendFirst(producer, look);
  const flood = startFlood(producer, 2 * LIMITS.each);
  await until(async () =>
    expect(await look.text('.banner')).toMatch(/1 of \d+ messages shown · \d+\/s/),
  );
  // Whole journeys: each that is drawn is drawn to its end.
  const since = (await look.dots()).length;
  await until(async () => expect((await look.dots()).length).toBeGreaterThan(since + 60));
  flood.stop();
  await until(async () => expect(await drawing(look)).toBe('each'));
  await until(async () => {
    const published = await look.count('publish');
    expect(await look.count('route')).toBe(published);
    expect(await look.count('deliver')).toBe(published);
  });
});

// With the limits lifted for so many: at its own limit a viewer draws now more, now fewer of them.
const { each, sample } = LIMITS;
test.for([
  { name: 'each is', rate: each, upTo: 10 * each, oneIn: 1 },
  { name: 'a sample is', rate: sample, upTo: each, oneIn: (8 * sample) / each },
])(
  "$rate a second, up to which $name drawn: the page doesn't fall behind",
  async ({ rate, upTo, oneIn }, { vhost, browser, onTestFinished }) => {
    const limits = [upTo, 10 * sample].map(String);
    const viewer = await Viewer.start(vhost.name, ['tests/lifted.ts', ...limits]);
    onTestFinished(async () => void (await viewer.end('SIGTERM')));
    const look = await Look.open(browser, viewer.url);
    onTestFinished(() => look.page.close());
    const producer = await helloIn(vhost);
    await sendFirst(producer, look);
    const flood = startFlood(producer, rate);
    await until(() => expect(flood.sentAt.length).toBeGreaterThanOrEqual(6 * rate));
    flood.stop();
    await until(async () => expect(await drawing(look)).toBe('each'));
    await until(async () =>
      expect((await flood.lagsIn(look)).length).toBeGreaterThanOrEqual(flood.sentAt.length / oneIn),
    );
    // Who falls behind is late with all of a second's messages. A machine with other work to do may
    // stop for a moment, and be late with some: viewer/test limits holds them all, with nothing else to do.
    const seconds = Map.groupBy(await flood.lagsIn(look), ({ sentAt }) =>
      Math.floor(sentAt / 1000),
    );
    for (const lags of seconds.values())
      expect(Math.min(...lags.map(({ lag }) => lag))).toBeLessThan(1000);
  },
);

test('twice as many as can be sampled: counters only, less than a second late, memory stays; then it draws again', async ({
  vhost,
  look,
}) => {
  const producer = await helloIn(vhost);
  await look.shows('hello', '01-hello');
  const flood = startFlood(producer, 2 * LIMITS.sample);
  await until(async () => expect(await look.text('.banner')).toContain('Counters only'));
  const before = await heapOf(look);
  const latest: number[] = [];
  for (let second = 0; second < 8; second++) {
    await pause(1000); // a measurement over time, not a wait for something
    latest.push(await late(look));
  }
  expect(await drawing(look)).toBe('counters');
  await until(async () =>
    expect(await look.page.locator('.node.queue').textContent()).toMatch(
      /\d{3,}\/s in · \d{3,}\/s out/,
    ),
  );
  expect(Math.max(...latest)).toBeLessThan(1000);
  expect((await heapOf(look)) - before).toBeLessThan(10);
  flood.stop();
  await until(async () => expect(await drawing(look)).toBe('each'));
  const drawn = await look.count('deliver');
  producer.sendToQueue('hello', Buffer.from('one more'), { messageId: 'one more' });
  await until(async () => expect(await look.count('deliver')).toBeGreaterThan(drawn));
});

test('the broker is restarted: the page says so, and then goes on by itself', async ({
  vhost,
  look,
}) => {
  const channel = await (await vhost.program('producer/x')).createChannel();
  await channel.assertQueue('lasting', { durable: true });
  channel.sendToQueue('lasting', Buffer.from('kept'), { persistent: true, messageId: 'kept' });
  await until(async () => expect(await look.depth('lasting')).toBe('1 ready · 0 unacked'));
  const restarted = restartBroker();
  await until(
    async () => expect(await look.text('.banner')).toMatch(/Lost the broker|Cannot see the broker/),
    40_000,
  );
  await restarted;
  await until(async () => expect(await look.text('.banner')).toBe(''), 40_000);
  await until(async () => expect(await look.depth('lasting')).toBe('1 ready · 0 unacked'));
  expect(await vhost.tracing()).toBe(true);
  const again = await (await vhost.program('consumer/x')).createChannel();
  await again.consume('lasting', () => {}, { noAck: true });
  await until(async () =>
    expect((await look.count('redeliver')) + (await look.count('deliver'))).toBe(1),
  );
});
