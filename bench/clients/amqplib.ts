/** amqplib alone, with its callbacks: what the lab's client is made of, and compared with. */
import { type ConsumeMessage, connect } from 'amqplib';
import type { Client, Open } from './client.ts';

export const open: Open = async (host) => {
  const connection = await connect({ hostname: host, heartbeat: 5 }, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const client: Client<ConsumeMessage> = {
    publish(queue, content, properties, confirmed) {
      channel.publish('', queue, content, properties, (error) => {
        if (error) throw error;
        confirmed();
      });
    },
    async consume(queue, prefetch, args, take) {
      await channel.prefetch(prefetch);
      await channel.consume(queue, (message) => message && take(message), { arguments: args });
    },
    ack: (message) => channel.ack(message),
    contentOf: (message) => message.content,
    close: () => connection.close(),
  };
  return client;
};
