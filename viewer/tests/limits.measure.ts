/**
 * How many messages a second can be drawn: all of it is real, the broker, its firehose, the viewer
 * and the page, with the viewer's limits lifted. viewer/test limits runs it.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { LIMITS } from '../server/rate.ts';
import { Vhost } from './broker.ts';
import { Flood, helloIn, sendFirst } from './flood.ts';
import { Look, test, Viewer } from './lab.ts';

const SECONDS = 6;
const EACH = [50, 75, 100, 150, 200, 400];
const SAMPLED = [400, 800, 1600, 3200];
/** A browser on a machine that is so much slower. */
const SLOWER = [1, 4];

/** The pauses between frames, the shortest first: what an eye sees. */
async function framesOf({ page }: Look): Promise<number[]> {
  const gaps = await page.evaluate(
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
  return gaps.toSorted((a, b) => a - b);
}

/** Seconds of a processor that a process has used. */
async function usedBy(pid = 0): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100; // user and system, in ticks of 10 ms
}

const at = (sorted: number[], share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;

test('how many it can draw', { timeout: 900_000 }, async ({ browser }) => {
  const columns = [
    'a second',
    'drawn',
    'frames/s',
    'p99 pause',
    'median lag',
    'worst lag',
    'viewer',
  ];
  console.log(`browser ${columns.map((name) => name.padStart(15)).join('')}`);
  for (const slower of SLOWER) {
    const each = { each: Number.POSITIVE_INFINITY, sample: Number.POSITIVE_INFINITY };
    const sampled = { each: LIMITS.each, sample: Number.POSITIVE_INFINITY };
    const runs = [
      ...[50, ...EACH].map((rate) => ({ rate, limits: each })), // the first is warm-up
      ...SAMPLED.map((rate) => ({ rate, limits: sampled })),
    ];
    for (const { rate, limits } of runs) {
      const vhost = await Vhost.create();
      const viewer = await Viewer.start(vhost.name, [
        'tests/lifted.ts',
        String(limits.each),
        String(limits.sample),
      ]);
      const look = await Look.open(browser, viewer.url);
      const channel = await helloIn(vhost);
      await sendFirst(channel, look);
      const session = await look.page.context().newCDPSession(look.page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
      const flood = new Flood(channel, 'hello', rate);
      const before = await usedBy(viewer.pid);
      const gaps = await framesOf(look);
      const used = (await usedBy(viewer.pid)) - before;
      flood.stop();
      await pause(3000); // whatever is late may still come
      const lags = (await flood.lagsIn(look)).map(({ lag }) => lag).toSorted((a, b) => a - b);
      const cells = [
        String(rate),
        `${lags.length} of ${flood.sentAt.length}`,
        (gaps.length / SECONDS).toFixed(0),
        `${at(gaps, 0.99).toFixed(0)} ms`,
        `${at(lags, 0.5)} ms`,
        `${lags.at(-1)} ms`,
        `${((100 * used) / SECONDS).toFixed(0)} %`,
      ];
      const label = slower === 1 ? 'as it is' : `${slower}x slow`;
      console.log(`${label}${cells.map((cell) => cell.padStart(15)).join('')}`);
      const limit = limits === each ? LIMITS.each : LIMITS.sample;
      if (rate <= limit) expect.soft(lags.at(-1), `${rate} a second`).toBeLessThan(1000);
      await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
      await look.page.close();
      await viewer.end('SIGTERM');
      await vhost.remove();
    }
  }
});
