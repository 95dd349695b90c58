/** A recording, as the tests read and show it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from './broker.ts';
import { isDrawn } from './lab.ts';

export type Recorded = { seq: number; t: number; k: string; keys?: string[] };

export function eventsIn(html: string): Recorded[] {
  const lines = html.slice(html.indexOf('id="recording">')).trim().split('\n').slice(2);
  return lines.map((line) => JSON.parse(line));
}

/** Shows one moment, and returns the whole picture as it is drawn: boxes, edges and dots. */
export async function showAt(page: Page, t: number): Promise<string> {
  await page.evaluate((time) => dispatchEvent(new CustomEvent('show-at', { detail: time })), t);
  const picture = page.locator('#picture');
  let before = '';
  let now = await picture.innerHTML();
  // The layout of another moment is worked out beside the drawing: until two frames are the same.
  await until(async () => {
    before = now;
    await isDrawn(page);
    now = await picture.innerHTML();
    expect(await page.evaluate(() => document.documentElement.dataset.arranged)).toBe('true');
    expect(now).toBe(before);
  });
  return now;
}
