// 05-topics, the sending side: lines of a log. The routing key says who speaks, and how urgently.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, EXCHANGE, LONGEST_KEY } from '../broker/topology/05-topics.ts';

// A routing key and a message may be given: they are sent once, and the program ends.
const [key, ...words] = process.argv.slice(2);
if (key === '' || Buffer.byteLength(key ?? '') > LONGEST_KEY) {
  console.error(
    `Usage: [key [message]], words with dots between them, at most ${LONGEST_KEY} bytes, ` +
      'such as: kern.critical The kernel panics',
  );
  process.exit(2);
}

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
const given = key && { key, text: words.join(' ') || 'Hello World!' };
const { publishCount, publishIntervalMs } = loadSettings();
const count = given ? 1 : publishCount;

const broker = await connect(declare);

for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  const { key, text } = given || samples[sent % samples.length] || samples[0];
  await broker.publish(EXCHANGE, key, Buffer.from(text));
  console.log(` [x] Sent '${key}':'${text}'`);
}

await broker.close();
