// 04-routing, the sending side: lines of a log, and the routing key says how bad each of them is.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, EXCHANGE, SEVERITIES } from '../broker/topology/04-routing.ts';

// A severity and a message may be given: they are sent once, and the program ends.
const [severity, ...words] = process.argv.slice(2);
if (severity !== undefined && !SEVERITIES.includes(severity)) {
  console.error(`Usage: [${SEVERITIES.join('|')} [message]], such as: error The disk is full`);
  process.exit(2);
}

// Otherwise these four, again and again. Nobody asks for the first one: you will see it sent, and
// never received.
const samples = [
  { key: 'debug', text: 'The cache has 3 entries' },
  { key: 'info', text: 'Alice logged in' },
  { key: 'warning', text: 'The disk is nearly full' },
  { key: 'error', text: 'The disk is full' },
] as const;
const given = severity && { key: severity, text: words.join(' ') || 'Hello World!' };
const { publishCount, publishIntervalMs } = loadSettings();
const count = given ? 1 : publishCount;

const broker = await connect(declare);

// The second argument is the routing key: the only part of a message that a direct exchange reads.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  const { key, text } = given || samples[sent % samples.length] || samples[0];
  await broker.publish(EXCHANGE, key, Buffer.from(text));
  console.log(` [x] Sent '${key}':'${text}'`);
}

await broker.close();
