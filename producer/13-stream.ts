// 13-stream, the sending side: a thermometer that appends its readings to a stream.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, STREAM } from '../broker/topology/13-stream.ts';

const { publishCount, publishIntervalMs } = loadSettings();

const [word, number, ...more] = process.argv.slice(2);
const fill = Number(number);
if (word !== undefined && (word !== 'fill' || !(fill >= 1 && fill <= 100_000) || more.length > 0)) {
  console.error('Usage: [fill COUNT], such as: fill 5000 (at most 100000)');
  process.exit(2);
}

const broker = await connect(declare);

if (word === 'fill') {
  // So many readings of a kilobyte each, as fast as the broker takes them. It keeps two megabytes:
  // after this the first reading is not the first one any more.
  const reading = Buffer.from('Filler'.padEnd(1000, '.'));
  const publish = () => broker.publish('', STREAM, reading);
  await Promise.all(Array.from({ length: fill }, publish));
  console.log(` [x] Sent ${fill} readings of 1000 bytes`);
} else {
  // To publish to a stream is to publish to a queue: by the default exchange or any other. The
  // broker gives each reading an offset, which is its number in the stream: 0, 1, 2 and so on. The
  // first offset is 0 for the first program that ever wrote here, and then it goes on for ever.
  for (let sent = 0; sent < publishCount; sent++) {
    if (sent > 0) await pause(publishIntervalMs);
    const text = `Reading ${sent + 1}: ${20 + (sent % 5)} degrees`;
    await broker.publish('', STREAM, Buffer.from(text));
    console.log(` [x] Sent '${text}'`);
  }
}

await broker.close();
