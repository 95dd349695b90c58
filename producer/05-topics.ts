// 05-topics, the sending side: lines of a log. The routing key says who speaks, and how urgently.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

// A routing key and a message may be given: they are sent once, and the program ends.
const given = readLine();

// Otherwise these six, again and again. A topic's words go from the general to the particular. The
// last two have one word and three, so that you can see what * and # make of them.
const samples = [
  { key: 'kern.critical', text: 'The kernel panics' },
  { key: 'kern.info', text: 'A driver is loaded' },
  { key: 'auth.critical', text: 'Ten wrong passwords' },
  { key: 'auth.info', text: 'Alice logged in' },
  { key: 'kern', text: 'The kernel starts' },
  { key: 'kern.disk.critical', text: 'The disk is full' },
] as const;
const settings = loadSettings();
const count = given ? 1 : settings.publishCount;

// A topic exchange passes a message to the queues whose binding key, a pattern of words, fits its
// routing key. In pika: `exchange_declare('topic_logs', 'topic')`.
const connection = await connect(settings);
const channel = await connection.createChannel();
await channel.assertExchange('topic_logs', 'topic', { durable: false });

for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const { key, text } = given ?? samples[sent % samples.length] ?? samples[0];
  await channel.publish('topic_logs', key, Buffer.from(text));
  console.log(` [x] Sent '${key}':'${text}'`);
}

await connection.close();

// A key is at most 255 bytes long: the protocol sends its length as one byte.
function readLine() {
  try {
    const [key, ...words] = parseArgs({ allowPositionals: true }).positionals;
    if (key === undefined) return undefined;
    if (key === '' || Buffer.byteLength(key) > 255) throw new Error('out of range');
    return { key, text: words.join(' ') || 'Hello World!' };
  } catch {
    console.error(
      'Usage: [key [message]], words with dots between them, at most 255 bytes, ' +
        'such as: kern.critical The kernel panics',
    );
    process.exit(2);
  }
}
