// 18-pika, the sending side in TypeScript: the same message to the same queue as 18-pika.py.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/18-pika.ts';

const { publishCount, publishIntervalMs } = loadSettings();

const broker = await connect(declare);

// `appId` says who sent the message: you will see it at the other side, whatever its language. AMQP
// has thirteen such properties, and every client library gives them names in its own style.
for (let sent = 0; sent < publishCount; sent++) {
  // While this pauses, amqplib goes on to answer the broker's heartbeats.
  if (sent > 0) await pause(publishIntervalMs);
  await broker.publish('', QUEUE, Buffer.from('Hello World!'), { appId: 'amqplib' });
  console.log(" [x] Sent 'Hello World!'");
}

await broker.close();
