/** A node of a cluster is killed while the page is open: another one, and the one that the viewer is at. */
import { beforeEach, expect } from 'vitest';
import { kill, mend, until, type Vhost } from './broker.ts';
import { type Look, test } from './lab.ts';

const NODES = ['broker', 'broker-2', 'broker-3'];

beforeEach(async () => {
  await mend(...NODES);
  return () => mend(...NODES);
});

/** A queue at each of two nodes, with its consumer. Returns who sends to the first of them. */
async function twoQueues(vhost: Vhost, look: Look, stays: string, goes: string) {
  for (const [queue, node] of [
    ['stays', stays],
    ['goes', goes],
  ] as const) {
    const channel = await (await vhost.program(`consumer/of what ${queue}`, node)).createChannel();
    await channel.assertQueue(queue);
    await channel.consume(queue, () => {}, { noAck: true });
  }
  await look.shows('stays', 'goes', 'of what stays', 'of what goes');
  const producer = await (await vhost.program('producer/x', stays)).createChannel();
  const send = (id: string) => producer.sendToQueue('stays', Buffer.from(id), { messageId: id });
  send('before');
  await until(async () => expect(await look.count('deliver')).toBe(1));
  return send;
}

const bar = (look: Look) => look.text('h1 small');
const badges = (look: Look, queue: string) =>
  look.page.locator(`[data-node="queue ${queue}"] .badges`).textContent();
const saidOfBroker = (look: Look) => look.page.locator('.row.broker').allInnerTexts();

test('the page says which node is killed and what was at it, and draws the messages of the others', async ({
  vhost,
  look,
}) => {
  const send = await twoQueues(vhost, look, 'broker-2', 'broker-3');
  expect(await bar(look)).toContain('3 nodes');
  expect(await badges(look, 'goes')).toContain('at broker-3');
  await kill('broker-3');

  await until(async () => expect(await bar(look)).toContain('2 nodes'), 30_000);
  expect((await saidOfBroker(look)).join()).toContain('The node broker-3 is down.');
  await until(async () => expect(await badges(look, 'goes')).toContain('broker-3 is down'));
  // What it holds is on a disk that nobody reads: not "0 ready".
  expect(await look.depth('goes')).toBe('depth not known yet');
  await look.page.locator('.consumer.ghost .title', { hasText: 'of what goes' }).waitFor();
  await until(async () => expect(await look.text('.banner')).toBe(''));
  send('after');
  await until(async () => expect(await look.count('deliver')).toBe(2));
  // Those that answered are not blamed for it.
  const blamed = (await saidOfBroker(look)).filter((row) =>
    / broker(-2)?: (connect|get)/.test(row),
  );
  expect(blamed).toEqual([]);
});

test('the node that the viewer is at is killed: it says so, and goes on at another one', async ({
  vhost,
  look,
}) => {
  const send = await twoQueues(vhost, look, 'broker-2', 'broker');
  await kill('broker');
  const lost = /Lost the broker|Cannot see the broker broker:/;
  await until(async () => expect((await saidOfBroker(look)).join()).toMatch(lost));
  await until(async () => expect(await bar(look)).toContain('2 nodes'), 30_000);
  await until(async () => expect(await look.text('.banner')).toBe(''));
  expect(await badges(look, 'goes')).toContain('broker is down');
  send('after');
  await until(async () => expect(await look.count('deliver')).toBe(2));
});
