// 03-publish-subscribe, the sending side: lines of a log, for anyone who wants to have them.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, EXCHANGE } from '../broker/topology/03-publish-subscribe.ts';

const { publishCount, publishIntervalMs } = loadSettings();

// Words given on the command line are one message: sent once, and the program ends. Otherwise
// numbered lines are sent for ever, so that you can see which of them a subscriber has missed.
const given = process.argv.slice(2).join(' ');
const count = given ? 1 : publishCount;

const broker = await connect(declare);

// The exchange has a name this time, and the routing key is empty: a fanout exchange doesn't look
// at it. The producer doesn't know who listens, or whether anyone does. "Sent" means that the
// broker has taken the message; if no queue is bound, it has thrown it away.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  const line = given || `Log line ${sent + 1}`;
  await broker.publish(EXCHANGE, '', Buffer.from(line));
  console.log(` [x] Sent '${line}'`);
}

await broker.close();
