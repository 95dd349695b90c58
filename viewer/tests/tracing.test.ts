/** Tracing costs: it is on only while somebody looks. */
import { expect } from 'vitest';
import { readSettings } from '../server/settings.ts';
import { openTap } from '../server/tap.ts';
import { HOST, until, VIEWER_PASSWORD } from './broker.ts';
import { Look, test, Viewer } from './lab.ts';

test('tracing is on while a page is open, off when it is closed, when the viewer ends and after a kill', async ({
  vhost,
  browser,
  viewer,
}) => {
  const first = await Look.open(browser, viewer.url);
  await until(async () => expect(await vhost.tracing()).toBe(true));
  await first.page.close();
  await until(async () => expect(await vhost.tracing()).toBe(false));

  const second = await Look.open(browser, viewer.url);
  await until(async () => expect(await vhost.tracing()).toBe(true));
  expect(await viewer.end('SIGTERM')).toBe(0);
  expect(await vhost.tracing()).toBe(false);
  await second.page.close();

  const killed = await Viewer.start(vhost.name);
  const third = await Look.open(browser, killed.url);
  await until(async () => expect(await vhost.tracing()).toBe(true));
  await killed.end('SIGKILL');
  expect(await vhost.tracing()).toBe(true); // it had no chance; Docker starts it again, and then
  await third.page.close();
  const again = await Viewer.start(vhost.name);
  await until(async () => expect(await vhost.tracing()).toBe(false));
  await again.end('SIGTERM');
});

test('two viewers watch one vhost: neither draws the other, and the last one out switches tracing off', async ({
  vhost,
  browser,
  look,
  onTestFinished,
}) => {
  const other = await Viewer.start(vhost.name);
  onTestFinished(async () => void (await other.end('SIGTERM')));
  const second = await Look.open(browser, other.url);
  const channel = await (await vhost.program('consumer/01-hello')).createChannel();
  await channel.assertQueue('hello');
  await channel.consume('hello', () => {}, { noAck: true });
  for (const one of [look, second]) {
    await one.shows('hello', '01-hello');
    expect(await one.page.locator('.node').count()).toBe(2);
  }
  channel.sendToQueue('hello', Buffer.from('1'), { messageId: '1' });
  for (const one of [look, second])
    await until(async () => expect(await one.count('deliver')).toBe(1));

  await second.page.close();
  expect(await other.end('SIGTERM')).toBe(0);
  expect(await vhost.tracing()).toBe(true);
  channel.sendToQueue('hello', Buffer.from('2'), { messageId: '2' });
  await until(async () => expect(await look.count('deliver')).toBe(2));
  await look.page.goto('about:blank');
  await until(async () => expect(await vhost.tracing()).toBe(false));
});

test("another viewer's queue is not drawn, also before it listens", async ({
  vhost,
  look,
  onTestFinished,
}) => {
  const settings = readSettings({
    AMQP_HOST: HOST,
    AMQP_VHOST: vhost.name,
    VIEWER_PASSWORD,
  });
  const tap = await openTap(settings, HOST, () => {});
  onTestFinished(() => tap.close());
  const channel = await (await vhost.program('consumer/x')).createChannel();
  await channel.assertQueue('declared later');
  await look.shows('declared later');
  const titles = look.page.locator('.node .title');
  expect(await titles.allTextContents()).toEqual(['declared later']);
});
