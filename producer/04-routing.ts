// 04-routing, the sending side: lines of a log, and the routing key says how bad each of them is.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

// The routing keys of this lesson. One of them and a message may be given: they are sent once, and
// the program ends.
const SEVERITIES = ['debug', 'info', 'warning', 'error'];
const given = readLine();

// Otherwise these four, again and again. Nobody asks for the first one: you will see it sent, and
// never received.
const samples = [
  { key: 'debug', text: 'The cache has 3 entries' },
  { key: 'info', text: 'Alice logged in' },
  { key: 'warning', text: 'The disk is nearly full' },
  { key: 'error', text: 'The disk is full' },
] as const;
const settings = loadSettings();
const count = given ? 1 : settings.publishCount;

// A direct exchange passes a message to the queues that are bound with exactly its routing key. The
// queues and their bindings belong to the subscribers.
const connection = await connect(settings);
const channel = await connection.createChannel();
await channel.assertExchange('direct_logs', 'direct', { durable: false });

// The second argument is the routing key: the only part of a message that a direct exchange reads.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const { key, text } = given ?? samples[sent % samples.length] ?? samples[0];
  await channel.publish('direct_logs', key, Buffer.from(text));
  console.log(` [x] Sent '${key}':'${text}'`);
}

await connection.close();

function readLine() {
  try {
    const [key, ...words] = parseArgs({ allowPositionals: true }).positionals;
    if (key === undefined) return undefined;
    if (!SEVERITIES.includes(key)) throw new Error('no such severity');
    return { key, text: words.join(' ') || 'Hello World!' };
  } catch {
    console.error(`Usage: [${SEVERITIES.join('|')} [message]], such as: error The disk is full`);
    process.exit(2);
  }
}
