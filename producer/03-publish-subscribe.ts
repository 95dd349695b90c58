// 03-publish-subscribe, the sending side: lines of a log, for anyone who wants to have them.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

// Words given on the command line are one message: sent once, and the program ends. Otherwise
// numbered lines are sent for ever, so that you can see which of them a subscriber has missed.
const given = readWords().join(' ');
const settings = loadSettings();
const count = given ? 1 : settings.publishCount;

// An exchange and no queue: whoever wants the messages brings a queue of its own. A fanout exchange
// gives a copy of each message to every queue that is bound to it. `durable: false`: it is gone
// when the broker restarts. pika's `exchange_declare('logs', 'fanout')` makes the same one.
const connection = await connect(settings);
const channel = await connection.createChannel();
await channel.assertExchange('logs', 'fanout', { durable: false });

// The exchange has a name this time, and the routing key is empty: a fanout exchange doesn't look
// at it. The producer doesn't know who listens, or whether anyone does. "Sent" means that the
// broker has taken the message; if no queue is bound, it has thrown it away.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const line = given || `Log line ${sent + 1}`;
  await channel.publish('logs', '', Buffer.from(line));
  console.log(` [x] Sent '${line}'`);
}

await connection.close();

function readWords(): string[] {
  try {
    return parseArgs({ allowPositionals: true }).positionals;
  } catch {
    console.error('Usage: [message], such as: The disk is full');
    process.exit(2);
  }
}
