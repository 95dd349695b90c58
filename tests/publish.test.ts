/**
 * `publish` resolves when the broker has the message, and until then doesn't let go of it. The
 * numbers are those of the traps of amqplib 2.3.1; each test brings the trap about.
 *
 * Trap 8 (who waits for "drain" on a channel that closes waits for ever) can't occur: nobody waits
 * for it. What bounds the memory is the number of messages that are not confirmed yet.
 */
import { Socket } from 'node:net';
import type { ConsumeMessage } from 'amqplib';
import { expect, vi } from 'vitest';
import type { LabChannel } from '../broker/channel.ts';
import type { BrokerConnection } from '../broker/connection.ts';
import { test } from './lab.ts';

const declare = (channel: LabChannel) => channel.assertQueue('work', { durable: false });

const NUMBERS = Array.from({ length: 5000 }, (_, n) => `${n}`);

/** Publishes them all at once. */
function publishAll(connection: BrokerConnection, texts: string[]): Promise<void>[] {
  return texts.map((text) => connection.publish('', 'work', Buffer.from(text)));
}

test('messages that are published all at once arrive once each, in their order', async ({
  open,
  vhost,
}) => {
  const connection = open(declare);
  await Promise.all(publishAll(connection, NUMBERS));
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
  const connection = open(declare, proxy.address);
  await connection.channel();
  proxy.watch('basic.ack', () => 'reset', 1);
  await Promise.all(publishAll(connection, texts));

  const arrived = await vhost.drain('work');
  expect(arrived.length).toBeGreaterThan(texts.length); // the trap was there: some came twice
  const byId = new Map(arrived.map(({ id, text }) => [id, text]));
  expect([...byId.values()].toSorted()).toEqual(texts.toSorted());
});

// 7: `connection.close()` overtakes what is still to be written.
test('when the program closes its channel, the next message goes over a new one', async ({
  open,
  vhost,
}) => {
  const broker = open((channel) => channel.assertQueue('work', { durable: false }));
  await (await broker.channel()).close();
  await broker.publish('', 'work', Buffer.from('x'));
  expect(await vhost.queue('work')).toEqual({ ready: 1, consumers: 0 });
});

test('close() right after publish() loses nothing, even of 5,000 messages', async ({
  open,
  vhost,
}) => {
  const connection = open(declare);
  await connection.channel();
  void publishAll(connection, NUMBERS);
  await connection.close();
  expect(await vhost.queue('work')).toMatchObject({ ready: NUMBERS.length });
});

test('close() fails when a message is left behind because the broker is away', async ({
  open,
  proxy,
}) => {
  const connection = open(declare, proxy.address);
  await connection.channel();
  proxy.watch('basic.publish', () => proxy.refuse(), 1);
  proxy.watch('basic.publish', () => 'reset', 1);
  void connection.publish('', 'work', Buffer.from('x'));
  await expect(connection.close()).rejects.toThrow('left behind: 1 message not confirmed');
});

test('a message that is published before the broker is there arrives once it is', async ({
  open,
  proxy,
  vhost,
}) => {
  proxy.refuse();
  const connection = open(declare, proxy.address);
  const confirmed = connection.publish('', 'work', Buffer.from('early'));
  await proxy.listen();
  await confirmed;
  expect(await vhost.drain('work')).toMatchObject([{ text: 'early' }]);
});

// 16: `publish` of amqplib buffers without bound.
test('of 5,000 messages to a broker that confirms none, only 1,000 are sent', async ({
  open,
  proxy,
  vhost,
}) => {
  proxy.watch('connection.tune', (frame) => frame.proposeHeartbeatOfOneSecond());
  const connection = open(declare, proxy.address);
  await connection.channel();
  let sent = 0;
  proxy.watch('basic.publish', () => void sent++);
  proxy.holdBroker();
  const confirmed = Promise.all(publishAll(connection, NUMBERS));

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
  const connection = open(declare);
  const lost = connection.publish('no such exchange', '', Buffer.from('x'));
  await expect(lost).rejects.toMatchObject({ code: 404 });
  await connection.publish('', 'work', Buffer.from('y'));
  expect(await vhost.drain('work')).toMatchObject([{ text: 'y' }]);
});

test("another's error on the channel is no error of a message: it is sent again", async ({
  open,
  proxy,
  vhost,
}) => {
  const connection = open(declare, proxy.address);
  const channel = await connection.channel();
  proxy.watch('basic.ack', () => 'drop', 1);
  const dropped = proxy.passing('basic.ack');
  const confirmed = connection.publish('', 'work', Buffer.from('x'));
  await dropped;
  channel.reject({ fields: { deliveryTag: 99 } } as ConsumeMessage); // 406: no such delivery
  await confirmed;
  const [first, second] = await vhost.drain('work');
  expect(second).toEqual(first); // twice, under the same id
});

test('a publish while a channel is being closed goes to the next channel', async ({
  open,
  proxy,
  vhost,
}) => {
  const connection = open(async (channel) => {
    await declare(channel);
    await channel.assertQueue('deleted', { durable: false });
    await channel.consume('deleted', () => {});
  }, proxy.address);
  await connection.channel();
  const closing = proxy.passing('channel.close').then(() => {
    return connection.publish('', 'work', Buffer.from('x'));
  });
  await vhost.deleteQueue('deleted'); // and so the consumer's channel is closed and made anew
  await closing;
  expect(await vhost.drain('work')).toMatchObject([{ text: 'x' }]);
});

// 17: Nagle's algorithm makes a small message wait for the acknowledgement of the one before.
test('the socket sends small messages without delay', async ({ onTestFinished, open, proxy }) => {
  const spy = vi.spyOn(Socket.prototype, 'setNoDelay');
  onTestFinished(() => spy.mockRestore());
  await open(declare, proxy.address).channel();
  const ours = spy.mock.contexts.findIndex((socket) => {
    return (socket as Socket).remotePort === proxy.address.port;
  });
  expect(spy.mock.calls[ours]).toEqual([true]);
});
