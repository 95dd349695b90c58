/**
 * How many messages a second the page can draw one by one: it replays recordings that are made up,
 * of 5 s each, and its frames are counted. No broker, no firehose. viewer/test limits runs it.
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { encodeState, initialState } from '../model/state.ts';
import { recordingOf } from '../server/html.ts';
import { readTemplate } from '../server/http.ts';
import { Look, test } from './lab.ts';
import { consumer, queue, Story } from './model/story.ts';

const RATES = [25, 50, 100, 200, 400, 800];
const SECONDS = 5;

function recordingAt(rate: number): string {
  const story = new Story().graph({
    queues: [queue('hello')],
    consumers: [consumer('hello', 'c', { ack: false })],
  });
  story.publish('first', '', 'hello', ['hello']).deliver('first', 'hello', 'c');
  story.look({ hello: [0, 0] }).look({ hello: [0, 0] });
  const began = story.t;
  for (let n = 0; n < rate * SECONDS; n++) {
    story.t = began + (1000 * n) / rate - 10; // `tell` adds 10 ms
    story.publish(`m${n}`, '', 'hello', ['hello']);
    story.t -= 10;
    story.deliver(`m${n}`, 'hello', 'c');
  }
  const header = { viewer: 1, broker: 'none', vhost: '/', nodes: [], epoch: 0 } as const;
  const state = encodeState(initialState());
  return recordingOf(readTemplate(), { ...header, nodes: [], state }, story.events);
}

/** Counts frames while the replay runs. The longest pauses between them are what an eye sees. */
async function framesOf(look: Look) {
  const session = await look.page.context().newCDPSession(look.page);
  await session.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  for (const key of [']', ']', 'r']) await look.page.keyboard.press(key);
  const before = await busy();
  const gaps = await look.page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const gaps: number[] = [];
        let [began, last] = [0, 0];
        const watch = (now: number) => {
          began ||= now;
          if (last) gaps.push(now - last);
          last = now;
          if (now - began < ms) requestAnimationFrame(watch);
          else resolve(gaps);
        };
        requestAnimationFrame(watch);
      }),
    1000 * SECONDS,
  );
  const used = ((await busy()) - before) / SECONDS;
  gaps.sort((a, b) => a - b);
  return { perSecond: gaps.length / SECONDS, p99: gaps[Math.floor(0.99 * gaps.length)] ?? 0, used };
}

test('how many it can draw', { timeout: 240_000 }, async ({ browser }) => {
  console.log('messages/s   frames/s   p99 pause ms   of one core');
  for (const [round, rate] of [50, ...RATES].entries()) {
    const file = join(tmpdir(), `at-${rate}.html`);
    await writeFile(file, recordingAt(rate));
    const look = await Look.open(browser, pathToFileURL(file).href);
    await look.shows('hello');
    const { perSecond, p99, used } = await framesOf(look);
    const cells = [
      perSecond.toFixed(0).padStart(11),
      p99.toFixed(0).padStart(15),
      `${(100 * used).toFixed(0)} %`.padStart(14),
    ];
    if (round > 0) console.log(`${String(rate).padStart(10)}${cells.join('')}`); // the first is warm-up
    expect(look.errors).toEqual([]);
    await look.page.close();
  }
});
