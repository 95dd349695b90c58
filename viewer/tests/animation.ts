/**
 * The picture of the README: lesson 05, recorded and replayed, one lap of its six messages. Run by
 * `viewer/test animation`, which starts the lesson. It writes the frames into shots/.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { letViewerIn, until } from './broker.ts';
import { Look, test, Viewer } from './lab.ts';
import { eventsIn, showAt } from './recorded.ts';

const PER_SECOND = 15;
/** A lap begins with this message, and the picture a moment before it. */
const FIRST = 'kern.critical';
const BEFORE_MS = 150;
/** Of the picture for whom nothing may move: its bindings are lit, and the first message enters its queues. */
const STILL_MS = 560;

test('a lap of topics', { timeout: 300_000 }, async ({ browser, onTestFinished }) => {
  await mkdir('shots/frames', { recursive: true });
  await letViewerIn('/');
  const viewer = await Viewer.start('/');
  onTestFinished(async () => void (await viewer.end('SIGTERM')));
  const live = await Look.open(browser, viewer.url);
  await live.shows('topic_logs', 'pager', 'kernel');
  const firsts = live.page.locator('.row.publish code', { hasText: new RegExp(`^${FIRST}$`) });
  await until(async () => expect(await firsts.count()).toBeGreaterThan(3), 60_000);
  const html = await (await fetch(`${viewer.url}/recording.html`)).text();
  await live.page.close();
  await writeFile('shots/topics.html', html);

  const starts = eventsIn(html).filter(({ k, keys }) => k === 'publish' && keys?.[0] === FIRST);
  const [from, to] = starts.slice(-2).map(({ t }) => t - BEFORE_MS) as [number, number];
  const url = pathToFileURL('shots/topics.html').href;
  const options = { viewport: { width: 1400, height: 440 }, bypassCSP: true };
  const { page } = await Look.open(browser, url, options);
  // Each frame is of its own moment: nothing is still on its way from the one before.
  await page.addStyleTag({ content: '.node, .edge { transition: none !important; }' });
  const stage = page.locator('#stage');
  await showAt(page, from + BEFORE_MS + STILL_MS);
  await stage.screenshot({ path: 'shots/topics.png' });
  const frames = Math.round(((to - from) / 1000) * PER_SECOND);
  for (let n = 0; n < frames; n++) {
    await showAt(page, from + (n * (to - from)) / frames);
    await stage.screenshot({ path: `shots/frames/${String(n).padStart(3, '0')}.png` });
  }
  execFileSync('apngasm', ['shots/topics-moving.png', 'shots/frames/*.png', '1', `${PER_SECOND}`]);
});
