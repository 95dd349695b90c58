/** @cloudamqp/amqp-client. */
import { AMQPClient, type AMQPMessage } from '@cloudamqp/amqp-client';
import type { Client, Open } from './client.ts';

export const open: Open = async (host) => {
  const connection = new AMQPClient(`amqp://${host}?heartbeat=5`);
  await connection.connect();
  connection.socket?.setNoDelay(true); // it has no option for it
  const channel = await connection.channel();
  await channel.confirmSelect();
  const client: Client<AMQPMessage> = {
    publish(queue, content, { messageId, persistent }, confirmed) {
      const properties = { messageId, deliveryMode: persistent ? 2 : 1 };
      void channel.basicPublish('', queue, content, properties).then(confirmed);
    },
    async consume(queue, prefetch, args, take) {
      await channel.prefetch(prefetch);
      // Its types know an offset of a stream, but no other argument.
      await channel.basicConsume(queue, { noAck: false, args: args as object }, take);
    },
    ack: (message) => void message.ack(),
    contentOf: (message) => message.body ?? new Uint8Array(),
    close: () => connection.close(),
  };
  return client;
};
