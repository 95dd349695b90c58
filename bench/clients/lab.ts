/** The lab's own client, as a lesson uses it. */
import type { ConsumeMessage } from 'amqplib';
import { readSettings } from '../../broker/client/config.ts';
import { Connection } from '../../broker/client/connection.ts';
import type { Client, Open } from './client.ts';

export const open: Open = async (host) => {
  const connection = new Connection(readSettings({ AMQP_HOST: host }).brokers);
  const channel = await connection.createChannel();
  const client: Client<ConsumeMessage> = {
    publish(queue, content, properties, confirmed) {
      void channel.publish('', queue, content, properties).then(confirmed);
    },
    async consume(queue, prefetch, args, take) {
      await channel.prefetch(prefetch);
      await channel.consume(queue, take, { arguments: args });
    },
    ack: (message) => channel.ack(message),
    contentOf: (message) => message.content,
    close: () => connection.close(),
  };
  return client;
};
