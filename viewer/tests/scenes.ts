/**
 * The lab's own programs, one lesson after the other, as a class sees them: nothing on the page
 * complains, axe finds nothing serious, and what the lesson is about is drawn. Each is photographed
 * at that moment: light and dark, wide and narrow. Run by `viewer/test scenes`, which starts the lesson.
 */
import { mkdir } from 'node:fs/promises';
import { expect } from 'vitest';
import { letViewerIn, until } from './broker.ts';
import { axeIn, Look, test, Viewer } from './lab.ts';

type Scene = {
  shows: string[];
  /** The dot that the scene is about. */
  dot: string;
  act?: (look: Look) => Promise<void>;
};

const SCENES: Record<string, Scene> = {
  fanout: { shows: ['logs', 'screen', 'disk', 'printer'], dot: 'deliver' },
  topics: { shows: ['topic_logs', 'pager', 'kernel'], dot: 'route' },
  'kill a worker': {
    shows: ['02-work-queue', 'task_queue'],
    dot: 'redeliver',
    act: async ({ page }) => {
      await page.locator('.slot.unacked').first().waitFor();
      await page.locator('.node.consumer:not(.ghost)').first().click();
      await page.getByRole('button', { name: 'Close its connection' }).click();
      await page.getByRole('button', { name: 'Close', exact: true }).click();
    },
  },
  poison: { shows: ['11-dead-letter', 'jobs', 'parked'], dot: 'dead' },
  'nobody is bound': {
    shows: ['03-publish-subscribe', 'logs'],
    dot: 'returned',
    act: async ({ page }) => {
      await page.getByRole('button', { name: 'Publish', exact: true }).click();
      await page.locator('select[name=exchange]').selectOption('logs');
      await page.locator('form button[type=submit]').click();
    },
  },
  '12-quorum-queue': { shows: ['12-quorum-queue'], dot: 'deliver' },
  '13-stream': { shows: ['13-stream'], dot: 'deliver' },
  '16-protocols': { shows: ['amq.topic', '16-protocols'], dot: 'deliver' },
  '17-cluster': { shows: ['17-cluster'], dot: 'deliver' },
};

const VARIANTS = {
  'light-wide': { colorScheme: 'light', viewport: { width: 1920, height: 1080 } },
  'dark-wide': { colorScheme: 'dark', viewport: { width: 1920, height: 1080 } },
  'light-narrow': { colorScheme: 'light', viewport: { width: 360, height: 740 } },
  'dark-narrow': { colorScheme: 'dark', viewport: { width: 360, height: 740 } },
};

const name = process.env.SCENE ?? '';

test(`scene: ${name}`, { timeout: 240_000 }, async ({ browser, onTestFinished }) => {
  const scene = SCENES[name];
  if (!scene) throw new Error(`SCENE must be one of ${Object.keys(SCENES).join(', ')}`);
  await mkdir('shots', { recursive: true });
  await letViewerIn('/');
  const viewer = await Viewer.start('/');
  onTestFinished(async () => void (await viewer.end('SIGTERM')));
  for (const [variant, options] of Object.entries(VARIANTS)) {
    const look = await Look.open(browser, viewer.url, { ...options, bypassCSP: true });
    await look.shows(...scene.shows);
    const held = holdAt(look, scene.dot);
    await scene.act?.(look);
    await held;
    await until(async () => expect(await look.text('.phase')).toContain('PAUSED'));
    // Not while boxes move to their places.
    await look.page.evaluate(() =>
      Promise.all(document.getAnimations().map(({ finished }) => finished)),
    );
    await look.page.screenshot({ path: `shots/${name.replaceAll(' ', '-')}-${variant}.png` });
    expect(await axeIn(look)).toEqual([]);
    expect(look.errors).toEqual([]);
    await look.page.close();
  }
});

/** Pauses the page when such a dot is on its way, and no longer at its beginning. */
function holdAt({ page }: Look, kind: string): Promise<void> {
  return page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        let since = 0;
        const watch = (now: number) => {
          since = document.querySelector(`#dots [data-kind="${wanted}"]`) ? since || now : 0;
          if (since && now - since > 120) {
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '.', bubbles: true }));
            resolve();
          } else requestAnimationFrame(watch);
        };
        requestAnimationFrame(watch);
      }),
    kind,
  );
}
