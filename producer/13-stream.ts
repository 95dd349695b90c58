// 13-stream, the sending side: a thermometer that appends its readings to a stream.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { declare, STREAM } from '../broker/topology/13-stream.ts';

const fill = readWords();
const settings = loadSettings();
const count = fill > 0 ? 0 : settings.publishCount;

const connection = await connect(settings);
const channel = await connection.createChannel();
await declare(channel);

// To publish to a stream is to publish to a queue: by the default exchange or any other. The
// broker gives each reading an offset, which is its number in the stream: 0, 1, 2 and so on. The
// first offset is 0 for the first program that ever wrote here, and then it goes on for ever.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const text = `Reading ${sent + 1}: ${20 + (sent % 5)} degrees`;
  await channel.publish('', STREAM, Buffer.from(text));
  console.log(` [x] Sent '${text}'`);
}

// With "fill" other readings: so many of a kilobyte each. The stream keeps two megabytes: after
// this its first reading is not the first one any more. Fifty at a time are on their way to the
// broker, so no chunk holds more. Whoever sends and awaits nothing has all of them in memory.
const reading = Buffer.from('Filler'.padEnd(1000, '.'));
for (let sent = 0; sent < fill; sent += 50) {
  const batch = Math.min(50, fill - sent);
  await Promise.all(Array.from({ length: batch }, () => channel.publish('', STREAM, reading)));
}
if (fill > 0) console.log(` [x] Sent ${fill} readings of ${reading.length} bytes`);

await connection.close();

function readWords() {
  try {
    const [word, number = '0', ...more] = parseArgs({ allowPositionals: true }).positionals;
    const fill = Number(number);
    const fits = Number.isInteger(fill) && fill >= 1 && fill <= 100_000;
    if (word && (word !== 'fill' || !fits || more.length > 0)) throw new Error('unknown');
    return fill;
  } catch {
    console.error('Usage: [fill COUNT], such as: fill 5000 (at most 100000)');
    process.exit(2);
  }
}
