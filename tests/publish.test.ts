/**
 * `publish` resolves when the broker has the message, and until then doesn't let go of it. The
 * numbers are those of the traps of amqplib 2.3.1; each test brings the trap about.
 *
 * Trap 8 (who waits for "drain" on a channel that closes waits for ever) can't occur: nobody waits
 * for it. What bounds amqplib's buffer is the number of messages that are not confirmed yet.
 */
import { Socket } from 'node:net';
import { type ConsumeMessage, connect } from 'amqplib';
import { expect, vi } from 'vitest';
import type { Channel } from '../broker/client/channel.ts';
import type { Connection } from '../broker/client/connection.ts';
import { MessageError } from '../broker/client/errors.ts';
import { OpenChannel } from '../broker/client/open-channel.ts';
import { test } from './lab.ts';

const NUMBERS = Array.from({ length: 5000 }, (_, n) => `${n}`);

/** A channel on which the queue "work" is declared. */
async function channelOf(connection: Connection): Promise<Channel> {
  const channel = await connection.createChannel();
  await channel.assertQueue('work', { durable: false });
  return channel;
}

/** Publishes them all at once. */
function publishAll(channel: Channel, texts: string[]): Promise<void>[] {
  return texts.map((text) => channel.publish('', 'work', Buffer.from(text)));
}

test('messages that are published all at once arrive once each, in their order', async ({
  open,
  vhost,
}) => {
  const channel = await channelOf(open());
  await Promise.all(publishAll(channel, NUMBERS));
  const arrived = await vhost.drain('work');
  expect(arrived.map(({ text }) => text)).toEqual(NUMBERS);
});

// 5: amqplib reports them as failed, though the broker holds them. 6: and it does so before it
// says that the connection is lost, when no other can be had.
test('messages whose confirms were lost are sent again under the same id: none is missing', async ({
  open,
  proxy,
  vhost,
}) => {
  const texts = NUMBERS.slice(0, 200);
  const channel = await channelOf(open(proxy.address));
  proxy.watch('basic.ack', () => 'reset', 1);
  await Promise.all(publishAll(channel, texts));

  const arrived = await vhost.drain('work');
  expect(arrived.length).toBeGreaterThan(texts.length); // the trap was there: some came twice
  const byId = new Map(arrived.map(({ id, text }) => [id, text]));
  expect([...byId.values()].toSorted()).toEqual(texts.toSorted());
});

// C7: an id that was `undefined` took the place of the one made up.
test('a message without an id of its own gets one, also if it says `messageId: undefined`', async ({
  open,
  proxy,
  vhost,
}) => {
  const channel = await channelOf(open(proxy.address));
  proxy.watch('basic.ack', () => 'reset', 1);
  const options = { messageId: undefined } as unknown as { messageId: string };
  await channel.publish('', 'work', Buffer.from('x'), options);
  const [first, second] = await vhost.drain('work');
  expect(first?.id).toMatch(/^[\da-f-]{36}$/);
  expect(second).toEqual(first);
});

test('a message keeps the id that the program has given it', async ({ open, vhost }) => {
  const channel = await channelOf(open());
  await channel.publish('', 'work', Buffer.from('x'), { messageId: 'mine' });
  expect(await vhost.drain('work')).toEqual([{ text: 'x', id: 'mine' }]);
});

// 7: `connection.close()` overtakes what is still to be written.
test('close() right after publish() loses nothing, even of 5,000 messages', async ({
  open,
  vhost,
}) => {
  const connection = open();
  const channel = await channelOf(connection);
  void publishAll(channel, NUMBERS);
  await connection.close();
  expect(await vhost.queue('work')).toMatchObject({ ready: NUMBERS.length });
});

test('close() of a channel loses nothing either, and the connection goes on', async ({
  open,
  vhost,
}) => {
  const connection = open();
  const channel = await channelOf(connection);
  void publishAll(channel, NUMBERS);
  await channel.close();
  await expect(channel.publish('', 'work', Buffer.from('late'))).rejects.toMatchObject({
    code: 'CLOSED',
  });
  await expect(channel.checkQueue('work')).rejects.toMatchObject({ code: 'CLOSED' });
  const other = await connection.createChannel();
  expect(await other.checkQueue('work')).toMatchObject({ messageCount: NUMBERS.length });
  expect(await vhost.queue('work')).toMatchObject({ ready: NUMBERS.length });
});

test('close() fails when a message is left behind because the broker is away', async ({
  open,
  proxy,
}) => {
  const connection = open(proxy.address);
  const channel = await channelOf(connection);
  proxy.watch('basic.publish', () => proxy.refuse(), 1);
  proxy.watch('basic.publish', () => 'reset', 1);
  const published = channel.publish('', 'work', Buffer.from('x'));
  published.catch(() => {}); // told below
  await expect(connection.close()).rejects.toThrow('left behind: 1 message not confirmed');
  await expect(published).rejects.toMatchObject({ code: 'CLOSED' });
});

test('a message that is published while the broker is away arrives once it is there', async ({
  open,
  proxy,
  vhost,
}) => {
  const connection = open(proxy.address);
  const channel = await channelOf(connection);
  proxy.refuse();
  proxy.reset();
  const confirmed = channel.publish('', 'work', Buffer.from('early'));
  await new Promise((resolve) => connection.once('absent', resolve));
  await proxy.listen();
  await confirmed;
  const ids = new Set((await vhost.drain('work')).map(({ id }) => id));
  expect(ids.size).toBe(1);
});

// 16: `publish` of amqplib buffers without bound.
test('of 5,000 messages to a broker that confirms none, only 1,000 are sent', async ({
  open,
  proxy,
  vhost,
}) => {
  proxy.watch('connection.tune', (frame) => frame.proposeHeartbeatOfOneSecond());
  const channel = await channelOf(open(proxy.address));
  let sent = 0;
  proxy.watch('basic.publish', () => void sent++);
  proxy.holdBroker();
  const confirmed = Promise.all(publishAll(channel, NUMBERS));

  // A client beats when it has had nothing to send for a while: so there is no 1,001st on its way.
  await proxy.passing('basic.publish', 1000);
  await proxy.passing('heartbeat');
  expect(sent).toBe(1000);

  proxy.release();
  await confirmed;
  expect(await vhost.queue('work')).toMatchObject({ ready: NUMBERS.length });
});

test('an exchange that does not exist is an error of that publish, and the next one works', async ({
  open,
  vhost,
}) => {
  const channel = await channelOf(open());
  const lost = channel.publish('no such exchange', '', Buffer.from('x'));
  await expect(lost).rejects.toBeInstanceOf(MessageError);
  await expect(lost).rejects.toMatchObject({
    code: 404,
    message: expect.stringMatching(
      /^[\w-]+:\d+ refused: NOT_FOUND - no exchange 'no such exchange'/,
    ),
    cause: { code: 404, methodId: 40 },
  });
  await channel.publish('', 'work', Buffer.from('y'));
  expect(await vhost.drain('work')).toMatchObject([{ text: 'y' }]);
});

// C2: the broker closes the channel and doesn't say which of the messages in flight it refused.
test('of many messages in flight only those to a missing exchange fail', async ({
  open,
  vhost,
}) => {
  const channel = await channelOf(open());
  const texts = NUMBERS.slice(0, 60);
  const isGuilty = (text: string) => Number(text) % 20 === 7;
  const settled = await Promise.allSettled(
    texts.map((text) =>
      channel.publish(isGuilty(text) ? 'no such exchange' : '', 'work', Buffer.from(text)),
    ),
  );
  const failed = texts.filter((_, i) => settled[i]?.status === 'rejected');
  expect(failed).toEqual(texts.filter(isGuilty));
  const arrived = new Set((await vhost.drain('work')).map(({ text }) => text));
  expect([...arrived].toSorted()).toEqual(texts.filter((text) => !isGuilty(text)).toSorted());
});

test("another's error on the channel is no error of a message: it is sent again", async ({
  open,
  proxy,
  vhost,
}) => {
  const channel = await channelOf(open(proxy.address));
  proxy.watch('basic.ack', () => 'drop', 1);
  const dropped = proxy.passing('basic.ack');
  const confirmed = channel.publish('', 'work', Buffer.from('x'));
  await dropped;
  channel.reject({ fields: { deliveryTag: 99 } } as ConsumeMessage); // 406: no such delivery
  await confirmed;
  const [first, second] = await vhost.drain('work');
  expect(second).toEqual(first); // twice, under the same id
});

test('a message that amqplib can not write is an error of that publish alone', async ({
  open,
  vhost,
}) => {
  const channel = await channelOf(open());
  const bad = channel.publish('', 'work', 'no buffer' as unknown as Buffer);
  await expect(bad).rejects.toThrow(TypeError);
  await channel.publish('', 'work', Buffer.from('y'));
  expect(await vhost.drain('work')).toMatchObject([{ text: 'y' }]);
});

// 17: Nagle's algorithm makes a small message wait for the acknowledgement of the one before.
test('the socket sends small messages without delay', async ({ onTestFinished, open, proxy }) => {
  const spy = vi.spyOn(Socket.prototype, 'setNoDelay');
  onTestFinished(() => spy.mockRestore());
  await open(proxy.address).opened();
  const ours = spy.mock.contexts.findIndex((socket) => {
    return (socket as Socket).remotePort === proxy.address.port;
  });
  expect(spy.mock.calls[ours]).toEqual([true]);
});

// With `noDelay` amqplib alone makes a system call and a packet of each message.
test('messages that are published at once leave together', async ({
  onTestFinished,
  open,
  proxy,
  vhost,
}) => {
  await vhost.declare('work');
  const channel = await open(proxy.address).createChannel();
  const spies = (['_write', '_writev'] as const).map((way) => vi.spyOn(Socket.prototype, way));
  onTestFinished(() => spies.forEach((spy) => void spy.mockRestore()));
  const all = Array.from({ length: 100 }, () => channel.sendToQueue('work', Buffer.from('x')));
  await Promise.all(all);
  const writes = spies
    .flatMap((spy) => spy.mock.contexts)
    .filter((socket) => (socket as Socket).remotePort === proxy.address.port);
  expect(writes.length).toBeGreaterThan(0);
  expect(writes.length).toBeLessThan(10);
});

test('amqplib keeps nothing of confirmed messages, in whichever order the confirms came', async ({
  proxy,
  vhost,
}) => {
  await vhost.declare('work');
  const model = await connect({ ...proxy.address, vhost: encodeURIComponent(vhost.name) });
  const { amqp } = await OpenChannel.open(model, { onReturn: () => {}, onClose: () => {} });
  proxy.holdBroker();
  for (let i = 0; i < 3; i++) amqp.sendToQueue('work', Buffer.from('x'));
  // As the broker may say it of three messages that went to two queues: the third, and then both others.
  amqp.emit('ack', { deliveryTag: 3, multiple: false });
  amqp.emit('ack', { deliveryTag: 2, multiple: true });
  expect(amqp).toMatchObject({ unconfirmed: [], lwm: 4 });
  proxy.release();
  await model.close();
});

// amqplib ends the buffer of a channel that is closed without emptying it: what a new channel of the
// same number says may overtake what the old one has still to say, and the broker closes all (504).
test('a refused message before many large ones costs its channel, and not the connection', async ({
  open,
  proxy,
}) => {
  const connection = open(proxy.address);
  const channel = await channelOf(connection);
  const refused = channel.publish('missing', '', Buffer.from('x'));
  const content = Buffer.alloc(100_000);
  const others = Array.from({ length: 400 }, () => channel.sendToQueue('work', content));
  await expect(refused).rejects.toMatchObject({ code: 404 });
  await Promise.all(others);
  expect(proxy.accepted).toHaveLength(1);
});
