// 01-hello, the sending side: one short message again and again to the queue "hello".
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

// Where the broker is and who we are: AMQP_URL=amqp://guest:guest@broker:5672/, or its parts.
const settings = loadSettings();

// A connection to the broker, and a channel on it: all else is said on a channel. If the broker
// isn't there yet, you will see one line saying so, and then it goes on.
const connection = await connect(settings);
const channel = await connection.createChannel();

// The queue is declared. If it is there already, nothing changes. `durable: false`: it is gone when
// the broker restarts. pika's `queue_declare(queue='hello')` makes the same one.
await channel.assertQueue('hello', { durable: false });

// A producer never sends to a queue: it publishes to an exchange. The default exchange, named '',
// takes the message to the queue whose name is the routing key. `publish` resolves when the broker
// has confirmed the message, so each "Sent" in the log is a message that the broker has.
for (let sent = 0; sent < settings.publishCount; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  await channel.publish('', 'hello', Buffer.from('Hello World!'));
  console.log(" [x] Sent 'Hello World!'");
}

// With PUBLISH_COUNT=1 you get here after one message, as the tutorials' program does.
await connection.close();
