// 13-stream, a reader: begins where it is told to, and goes at its own pace.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { declare, STREAM } from '../broker/topology/13-stream.ts';

// Where to begin (without it: at the first reading), and how long to take for each reading.
const { offset, paceMs } = readWords();
const settings = loadSettings();

const connection = await connect(settings);
const channel = await connection.createChannel();
await declare(channel);

// A stream is handed out in the size of the prefetch. Without one the broker refuses to begin.
await channel.prefetch(settings.prefetch);

// Each reader has its own place in the stream, and the broker forgets it with the connection. So
// this program keeps it: after a loss it subscribes anew with these arguments, as they are by then.
const options = { arguments: { 'x-stream-offset': offset } };
await channel.consume(
  STREAM,
  async (message) => {
    const at: number = message.properties.headers?.['x-stream-offset'];
    console.log(` [x] Received '${message.content.toString().slice(0, 30)}' at offset ${at}`);
    await pause(paceMs);
    options.arguments['x-stream-offset'] = at + 1;
    // The ack removes nothing. It says: I can take one more.
    channel.ack(message);
  },
  options,
);
console.log(' [*] Waiting for messages. To exit press CTRL+C');

// The offset as the broker wants it: a word, a number, or an AMQP timestamp in whole seconds. The
// type counts: the string "5" would not be the number 5.
function readWords() {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    const [begin = 'first', paceMs = '0', ...more] = positionals;
    if (!/^\d{1,5}$/.test(paceMs) || more.length > 0) throw new Error('unknown');
    return { offset: readOffset(begin), paceMs: Number(paceMs) };
  } catch {
    console.error(
      'Usage: [first|last|next|OFFSET|TIME [PACE_MS]], such as: 2030-12-31T23:59:00Z 500',
    );
    process.exit(2);
  }
}

function readOffset(begin: string) {
  if (/^(first|last|next)$/.test(begin)) return begin;
  if (/^\d{1,15}$/.test(begin)) return Number(begin);
  const time = Date.parse(begin);
  if (!/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(begin) || Number.isNaN(time)) throw new Error('unknown');
  return { '!': 'timestamp', value: Math.floor(time / 1000) };
}
