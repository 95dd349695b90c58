// 13-stream, a reader: begins where it is told to, and goes at its own pace.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, STREAM } from '../broker/topology/13-stream.ts';

// Where to begin (without it: at the first reading), and how long to take for each reading.
const [begin = 'first', paceMs = '0', ...more] = process.argv.slice(2);
const time = Date.parse(begin);
const isTime = /^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(begin) && !Number.isNaN(time);
const isOffset = /^(first|last|next|\d{1,15})$/.test(begin);
if (!(isTime || isOffset) || !/^\d{1,5}$/.test(paceMs) || more.length > 0) {
  console.error(
    'Usage: [first|last|next|OFFSET|TIME [PACE_MS]], such as: 2030-12-31T23:59:00Z 500',
  );
  process.exit(2);
}

// The offset as the broker wants it: a word, a number, or an AMQP timestamp in whole seconds. The
// type counts: the string "5" would not be the number 5.
const timestamp = { '!': 'timestamp', value: Math.floor(time / 1000) };
let offset = isTime ? timestamp : /^\d/.test(begin) ? Number(begin) : begin;

const { prefetch } = loadSettings();
await connect(async (channel) => {
  await declare(channel);

  // A stream is handed out in the size of the prefetch. Without one the broker refuses to begin.
  await channel.prefetch(prefetch);

  // Each reader has its own place in the stream, and the broker forgets it with the connection.
  // So this program keeps it: after a loss it goes on behind the last reading that it had.
  await channel.consume(
    STREAM,
    async (message) => {
      const at: number = message.properties.headers?.['x-stream-offset'];
      console.log(` [x] Received '${message.content.toString().slice(0, 30)}' at offset ${at}`);
      await pause(Number(paceMs));
      offset = at + 1;
      // The ack removes nothing. It says: I can take one more.
      channel.ack(message);
    },
    { arguments: { 'x-stream-offset': offset } },
  );
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
});
