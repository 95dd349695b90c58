/** The words beside the dots can be read, where boxes are near each other too. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from './broker.ts';
import { Look, test } from './lab.ts';
import { eventsIn } from './recorded.ts';

const NARROW = { viewport: { width: 360, height: 740 } };

test('on a narrow page the words "dropped" and "returned" at one exchange don\'t cover each other', async ({
  vhost,
  browser,
  viewer,
  onTestFinished,
}) => {
  const look = await Look.open(browser, viewer.url, NARROW);
  onTestFinished(() => look.page.close());
  const producer = await (await vhost.program('producer/x')).createChannel();
  producer.on('return', () => {});
  await producer.assertExchange('empty', 'direct');
  await look.shows('empty');
  await look.page.keyboard.press('l'); // the larger the words, the nearer
  // One after the other, else the counters say "or". Once more, if the first was over too soon.
  let seen: Covered = { frames: 0, words: 0, sign: 0 };
  let from = 0;
  await until(async () => {
    await look.page.locator('.dot').waitFor({ state: 'detached' });
    for (const kind of ['dropped', 'returned']) {
      producer.publish('empty', '', Buffer.from(kind), { mandatory: kind === 'returned' });
      await look.page.locator(`.dot.${kind}`).waitFor();
    }
    expect(await look.page.locator('.dot.dropped').count()).toBe(1);
    const events = eventsIn(await (await fetch(`${viewer.url}/recording.html`)).text());
    from = events.findLast(({ k }) => k === 'publish')?.t ?? 0;
    seen = await coveredFrom(look.page, from, 10);
    await look.page.keyboard.press('End');
    expect(seen.frames).toBeGreaterThan(10);
  }, 30_000);
  expect(seen).toMatchObject({ words: 0 });
  // Where nothing moves, the sign must not stand behind the other's words either.
  await look.page.emulateMedia({ reducedMotion: 'reduce' });
  seen = await coveredFrom(look.page, from, 100);
  expect(seen.frames).toBeGreaterThan(0);
  expect(seen).toMatchObject({ words: 0, sign: 0 });
});

test('what is said above the uppermost box is in the picture as a whole', async ({
  vhost,
  look,
}) => {
  const producer = await (await vhost.program('producer/x')).createChannel();
  await producer.assertExchange('empty', 'direct');
  await look.shows('empty');
  await look.page.keyboard.press('l');
  producer.publish('empty', '', Buffer.from('1'));
  const words = look.page.locator('.dropped .chip');
  await words.waitFor();
  const top = (await words.boundingBox())?.y;
  expect(top).toBeGreaterThan((await look.page.locator('#picture').boundingBox())?.y ?? 0);
});

/** The most pixels of height that "dropped" covers of the other's words, and of its sign. */
type Covered = { frames: number; words: number; sign: number };

/** Holds the page at one moment after the other, and looks where both dots say what they are. */
function coveredFrom(page: Page, from: number, everyMs: number): Promise<Covered> {
  const take = async ([start, every]: [number, number]) => {
    const covered: Covered = { frames: 0, words: 0, sign: 0 };
    const isDrawn = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const rectOf = (kind: string, part: string) =>
      document.querySelector(`[data-kind=${kind}] ${part}`)?.getBoundingClientRect();
    const heightOf = (one: DOMRect, other: DOMRect) => {
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      return wide > 0 ? Math.max(0, Math.round(high)) : 0;
    };
    for (let t = start; t < start + 2000; t += every) {
      dispatchEvent(new CustomEvent('show-at', { detail: t }));
      await isDrawn();
      await isDrawn();
      const dropped = rectOf('dropped', '.chip');
      const [words, sign] = [rectOf('returned', '.chip'), rectOf('returned', '.body')];
      if (!dropped?.width || !words?.width || !sign) continue;
      covered.frames += 1;
      covered.words = Math.max(covered.words, heightOf(dropped, words));
      covered.sign = Math.max(covered.sign, heightOf(dropped, sign));
    }
    return covered;
  };
  return page.evaluate(take, [from, everyMs] as [number, number]);
}
