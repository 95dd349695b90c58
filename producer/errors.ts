// errors: makes one mistake on purpose. lessons/errors.md shows what the broker answers to each.
import { once } from 'node:events';
import { connect as connectAmqplib } from 'amqplib';
import type { Channel } from '../broker/client/channel.ts';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

const content = Buffer.from('Hello World!');

// Each mistake has a word that may be given, and is the shortest program that makes it.
const MISTAKES: Record<string, (channel: Channel) => Promise<unknown>> = {
  'no-queue': (channel) => channel.checkQueue('nobody'),
  'no-exchange': (channel) => channel.publish('nowhere', '', content),
  'not-permitted': (channel) => channel.assertQueue('secret', { durable: true }),
  transient: (channel) => channel.assertQueue('fleeting', { durable: false }),

  // An exclusive queue belongs to one connection, and this is another one.
  locked: async (channel) => {
    await channel.assertQueue('mine', { exclusive: true });
    const stranger = await (await connect()).createChannel();
    await stranger.checkQueue('mine');
  },

  'other-arguments': async (channel) => {
    await channel.assertQueue('kept', { durable: true });
    await channel.assertQueue('kept', { durable: true, arguments: { 'x-max-length': 10 } });
  },

  // The first ack settles the message: the broker knows no more of it.
  'double-ack': async (channel) => {
    await channel.assertQueue('kept', { durable: true });
    await channel.sendToQueue('kept', content);
    const message = await channel.get('kept');
    if (!message) throw new Error('Somebody else has taken the message.');
    channel.ack(message);
    channel.ack(message);
    await once(channel, 'lost');
  },

  // A quorum queue, since from RabbitMQ 4.3 on the others have no consumer timeout.
  'never-acks': async (channel) => {
    await channel.assertQueue('slow', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.sendToQueue('slow', content);
    await channel.consume('slow', () => {});
    await Promise.race([once(channel, 'lost'), once(channel, 'cancelled')]);
  },

  unroutable: async (channel) => {
    channel.on('return', ({ fields }) => {
      const { replyCode, replyText } = fields as { replyCode?: number; replyText?: string };
      console.log(` [x] Returned: ${replyCode} ${replyText}`);
    });
    await channel.publish('', 'nobody', content, { mandatory: true });
    console.log(' [x] Confirmed');
  },

  'too-large': (channel) => channel.publish('', 'nobody', Buffer.alloc(2_000_000)),

  // amqplib cuts a large content into frames of the agreed size, but never a message's headers.
  'large-headers': async () => {
    const { hostname, port } = loadSettings().brokers[0];
    const connection = await connectAmqplib({ hostname, port, frameMax: 8192 });
    connection.on('error', ({ message }) => console.log(` [x] ${message}`));
    const headers = { history: 'x'.repeat(10_000) };
    (await connection.createChannel()).publish('', 'nobody', content, { headers });
    await new Promise((resolve) => connection.on('close', resolve));
  },
};

const mistake = MISTAKES[process.argv[2] ?? ''];
if (!mistake) {
  console.error(`Usage: MISTAKE, which is one of: ${Object.keys(MISTAKES).join(', ')}`);
  process.exit(2);
}

const connection = await connect();
await mistake(await connection.createChannel());
await connection.close();
