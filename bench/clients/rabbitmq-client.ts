/** rabbitmq-client, by its Channel: its Publisher and Consumer do more than is measured here. */
import { type AsyncMessage, Connection } from 'rabbitmq-client';
import type { Client, Open } from './client.ts';

export const open: Open = async (host) => {
  const connection = new Connection({ hostname: host, heartbeat: 5, noDelay: true });
  const channel = await connection.acquire();
  await channel.confirmSelect();
  const client: Client<AsyncMessage> = {
    publish(queue, content, { messageId, persistent }, confirmed) {
      // It would add a timestamp, which no other client sends.
      const envelope = { routingKey: queue, messageId, durable: persistent, timestamp: undefined };
      void channel.basicPublish(envelope as { routingKey: string }, content).then(confirmed);
    },
    async consume(queue, prefetch, args, take) {
      await channel.basicQos({ prefetchCount: prefetch });
      await channel.basicConsume({ queue, arguments: args }, take);
    },
    ack: ({ deliveryTag }) => channel.basicAck({ deliveryTag }),
    contentOf: ({ body }) => body,
    async close() {
      await channel.close();
      await connection.close();
    },
  };
  return client;
};
