// 18-pika, the sending side in TypeScript: the same message to the same queue as 18-pika.py.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

const settings = loadSettings();

// The same calls as in Python, with `await` where pika waits inside of the call. `durable: false`:
// without it amqplib would declare a durable queue, and pika one that is not.
const connection = await connect(settings);
const channel = await connection.createChannel();
await channel.assertQueue('hello', { durable: false });

// `appId` says who sent the message: you will see it at the other side, whatever its language. AMQP
// has thirteen such properties, and every client library gives them names in its own style.
for (let sent = 0; sent < settings.publishCount; sent++) {
  // While this pauses, amqplib goes on to answer the broker's heartbeats.
  if (sent > 0) await pause(settings.publishIntervalMs);
  await channel.publish('', 'hello', Buffer.from('Hello World!'), { appId: 'amqplib' });
  console.log(" [x] Sent 'Hello World!'");
}

await connection.close();
