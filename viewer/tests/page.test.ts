/** The page itself: what it may do, what it shows of a body, who can use it. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { api, until } from './broker.ts';
import { axeIn, isDrawn, Look, test } from './lab.ts';

const MARKUP =
  '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';

test('a body with markup stays text, in the page and in a recording', async ({
  vhost,
  look,
  browser,
  viewer,
}) => {
  const channel = await (await vhost.program('producer/x')).createChannel();
  await channel.assertExchange(MARKUP, 'fanout');
  await channel.assertQueue('q');
  await channel.bindQueue('q', MARKUP, '');
  await look.shows('q', 'everything');
  channel.publish(MARKUP, '', Buffer.from(MARKUP), { messageId: MARKUP, headers: { h: MARKUP } });
  await look.page.locator('.row.publish').first().click();
  await until(async () => expect(await look.text('.body pre')).toBe(MARKUP));
  expect(await look.page.locator('aside img, aside script').count()).toBe(0);

  const file = join(tmpdir(), `${vhost.name}.html`);
  await writeFile(file, await (await fetch(`${viewer.url}/recording.html`)).text());
  const offline = await Look.open(browser, pathToFileURL(file).href);
  await offline.page.locator('.row.publish').first().click();
  await until(async () => expect(await offline.text('.body pre')).toBe(MARKUP));
  for (const one of [look, offline])
    expect(await one.page.title()).toBe('RabbitMQ Lab: the messages');
  await offline.page.close();
});

test('what is published from the page takes its way, and what is wrong is said', async ({
  vhost,
  look,
}) => {
  const channel = await (await vhost.program('consumer/01-hello')).createChannel();
  await channel.assertQueue('hello');
  await channel.consume('hello', () => {}, { noAck: true });
  await look.shows('hello');
  const { page } = look;
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByLabel('Routing key').fill('hello');
  await page.getByLabel('Headers').fill('colour=red');
  await page.getByLabel('Body').fill('{"from":"the page"}');
  await page.locator('form button[type=submit]').click();
  await until(async () => expect(await look.count('deliver')).toBe(1));
  await page.locator('.row.deliver').first().click();
  await page.getByRole('button', { name: 'JSON' }).click();
  expect(await look.text('.body pre')).toBe('{\n  "from": "the page"\n}');
  expect(await look.text('.inspector')).toContain('colour');
  await page.getByRole('button', { name: 'Hex' }).click();
  expect(await look.text('.body pre')).toContain('7b 22 66 72');

  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByLabel('Routing key').fill('nowhere');
  await page.locator('form button[type=submit]').click();
  await until(async () => expect(await look.dots('returned')).toMatchObject([{ proof: 'seen' }]));
  await look.shows('the page');
});

test("a consumer's connection is closed from the page, and a queue is purged", async ({
  vhost,
  look,
}) => {
  const consumer = await vhost.program('consumer/01-hello');
  const channel = await consumer.createChannel();
  await channel.assertQueue('hello');
  await channel.consume('hello', () => {}, { noAck: true });
  await look.shows('01-hello');
  const closed = new Promise((resolve) => consumer.on('close', resolve));
  await look.page.locator('.node.consumer').click();
  await look.page.getByRole('button', { name: 'Close its connection' }).click();
  expect(await closed).toMatchObject({
    message: expect.stringContaining('closed from the viewer'),
  });
  await look.page.locator('.node.consumer.ghost').waitFor();

  const producer = await (await vhost.program('producer/x')).createChannel();
  producer.sendToQueue('hello', Buffer.from('1'));
  await until(async () => expect(await look.depth('hello')).toBe('1 ready · 0 unacked'));
  await look.page.locator('.node.queue').click();
  await look.page.getByRole('button', { name: /Purge/ }).click();
  await until(async () => expect(await look.depth('hello')).toBe('0 ready · 0 unacked'));

  // Space pauses then, and does not press that button once more.
  producer.sendToQueue('hello', Buffer.from('2'));
  await until(async () => expect(await look.depth('hello')).toBe('1 ready · 0 unacked'));
  await look.page.keyboard.press(' ');
  await until(async () => expect(await look.text('.phase')).toContain('PAUSED'));
  await look.page.keyboard.press('End');
  const question = { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' };
  expect(await api('POST', `queues/${vhost.name}/hello/get`, question)).toHaveLength(1);
});

test('who has no token, comes from another site or asks for another name gets nothing', async ({
  viewer,
}) => {
  const headers = { 'content-type': 'application/json' };
  const post = (more: object) =>
    fetch(`${viewer.url}/do/purge`, {
      method: 'POST',
      headers: { ...headers, ...more },
      body: '{"queue":"q"}',
    });
  expect((await post({})).status).toBe(403);
  const html = await (await fetch(viewer.url)).text();
  const token = /name="token" content="([^"]+)"/.exec(html)?.[1] ?? '';
  expect((await post({ 'x-token': token })).status).toBe(400); // no such queue: the broker was asked
  const form = { 'content-type': 'text/plain', 'x-token': token, origin: 'http://evil.example' };
  expect((await post(form)).status).toBe(403);
});

test('step, pause, replay and help go by the keyboard', async ({ vhost, look }) => {
  const channel = await (await vhost.program('producer/x')).createChannel();
  await channel.assertQueue('hello');
  await look.shows('hello');
  for (const n of [1, 2, 3]) {
    channel.sendToQueue('hello', Buffer.from(`${n}`), { messageId: `m${n}` });
    await until(async () => expect(await look.page.locator('.row.publish').count()).toBe(n));
  }
  const { page } = look;
  await page.keyboard.press('.');
  await until(async () => expect(await look.text('.phase')).toContain('PAUSED'));
  // A change of the graph is an event, too.
  for (const [key, count] of [
    ['ArrowLeft', 2],
    ['ArrowRight', 3],
  ] as const) {
    await until(async () => {
      await page.keyboard.press(key);
      await isDrawn(page); // else the next press comes too soon, and goes one too far
      expect(await page.locator('.row.publish').count()).toBe(count);
    });
  }
  await page.keyboard.press('r');
  await until(async () => expect(await look.text('.phase')).toContain('REPLAY ¼'));
  await page.keyboard.press(']');
  await until(async () => expect(await look.text('.phase')).toContain('REPLAY ½'));
  await page.keyboard.press('End');
  await until(async () => expect(await look.text('.phase')).toBe('LIVE'));
  await page.keyboard.press('/');
  await page.keyboard.type('m2');
  await until(async () => expect(await page.locator('.row').count()).toBe(1));
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Help' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('axe finds nothing serious: light, dark, narrow, and with all opened', async ({
  vhost,
  browser,
  viewer,
}) => {
  const channel = await (await vhost.program('consumer/01-hello')).createChannel();
  await channel.assertQueue('hello');
  await channel.consume('hello', () => {}, { noAck: true });
  const looks = [
    { colorScheme: 'light' },
    { colorScheme: 'dark' },
    { viewport: { width: 360, height: 740 } },
  ];
  for (const options of looks) {
    const look = await Look.open(browser, viewer.url, { ...options, bypassCSP: true });
    await look.shows('hello');
    channel.sendToQueue('hello', Buffer.from('Hello World!'));
    await look.page.locator('.row.publish').first().click();
    await look.page.locator('.inspector .body').waitFor();
    expect(await axeIn(look)).toEqual([]);
    for (const key of ['?']) {
      await look.page.keyboard.press('Escape');
      await look.page.keyboard.press(key);
      await look.page.getByRole('dialog').waitFor();
      expect(await axeIn(look)).toEqual([]);
    }
    await look.page.close();
  }
});

test('with reduced motion nothing travels: the way lights up instead', async ({
  vhost,
  browser,
  viewer,
}) => {
  const look = await Look.open(browser, viewer.url, { reducedMotion: 'reduce' });
  const channel = await (await vhost.program('producer/x')).createChannel();
  await channel.assertQueue('hello');
  await look.shows('hello');
  // The first message brings its producer into the picture; the second finds all in its place.
  channel.sendToQueue('hello', Buffer.from('Hello World!'), { messageId: 'first' });
  await look.shows('hello', 'x', 'default exchange');
  await until(async () => expect(await look.count('route')).toBe(1));
  await until(async () => expect(await look.page.locator('.dot').count()).toBe(0));
  const places = look.page.evaluate(
    () =>
      new Promise<{ lit: number; places: string[] }>((resolve) => {
        const places = new Set<string>();
        let lit = 0;
        let began = 0;
        const watch = (now: number) => {
          const dot = document.querySelector('[data-kind=publish]');
          lit = Math.max(lit, document.querySelectorAll('.edge.lit').length);
          if (dot) {
            began ||= now;
            places.add(dot.getAttribute('transform') ?? '');
          } else if (began) {
            resolve({ lit, places: [...places] });
            return;
          }
          requestAnimationFrame(watch);
        };
        requestAnimationFrame(watch);
      }),
  );
  channel.sendToQueue('hello', Buffer.from('Hello World!'));
  const { lit, places: seen } = await places;
  expect(lit).toBeGreaterThan(0);
  expect(seen).toHaveLength(1);
  await look.page.close();
});
