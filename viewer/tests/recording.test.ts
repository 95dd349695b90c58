/** A recording shows, anywhere and at any time, what the live page showed. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { until } from './broker.ts';
import { test } from './lab.ts';
import { eventsIn, type Recorded, showAt } from './recorded.ts';

test('a recording shows without a broker, and without a network, the very same frames', async ({
  vhost,
  look,
  browser,
  viewer,
}) => {
  const channel = await (await vhost.program('producer/x')).createChannel();
  await channel.assertExchange('logs', 'fanout');
  for (const name of ['one', 'two']) {
    await channel.assertQueue(name);
    await channel.bindQueue(name, 'logs', '');
    await channel.consume(name, () => {}, { noAck: true });
  }
  await look.shows('one', 'two');
  for (const n of [1, 2, 3]) {
    channel.publish('logs', `key.${n}`, Buffer.from(`message ${n}`), { messageId: `m${n}` });
    await until(async () => expect(await look.count('deliver')).toBe(2 * n));
  }
  // Saved once the last journey is over: the live page goes on to know more than the recording.
  let html = '';
  let published: Recorded[] = [];
  await until(async () => {
    html = await (await fetch(`${viewer.url}/recording.html`)).text();
    const events = eventsIn(html);
    published = events.filter(({ k }) => k === 'publish');
    expect(published).toHaveLength(3);
    expect(events.at(-1)?.t).toBeGreaterThan((published.at(-1)?.t ?? 0) + 1000);
  });
  const file = join(tmpdir(), `${vhost.name}.html`);
  await writeFile(file, html);
  await viewer.end('SIGTERM');

  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.context().setOffline(true);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector('.node');
  for (const { t } of published) {
    for (const after of [0, 120, 300, 500, 700, 900]) {
      const online = await showAt(look.page, t + after);
      expect(online).toContain('data-kind');
      expect((await showAt(page, t + after)).split(/(?=<)/)).toEqual(online.split(/(?=<)/));
    }
  }
  expect(asked).toEqual([pathToFileURL(file).href]);
  await page.close();
});
