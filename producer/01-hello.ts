// 01-hello, the sending side: one short message again and again to the queue "hello".
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/01-hello.ts';

const { publishCount, publishIntervalMs } = loadSettings();

// A connection to the broker, and the queue declared on it. If the queue is there already, nothing
// changes. If the broker isn't there yet, you will see one line saying so, and then it goes on.
const broker = await connect(declare);

// A producer never sends to a queue: it publishes to an exchange. The default exchange, named '',
// takes the message to the queue whose name is the routing key. `publish` resolves when the broker
// has confirmed the message, so each "Sent" in the log is a message that the broker has.
for (let sent = 0; sent < publishCount; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  await broker.publish('', QUEUE, Buffer.from('Hello World!'));
  console.log(" [x] Sent 'Hello World!'");
}

// With PUBLISH_COUNT=1 you get here after one message, as the tutorials' program does.
await broker.close();
