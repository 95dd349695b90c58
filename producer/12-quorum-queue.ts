// 12-quorum-queue, the sending side: each parcel goes to a classic queue and to a quorum queue.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import {
  CLASSIC,
  declare,
  declareStores,
  QUORUM,
  STORES,
} from '../broker/topology/12-quorum-queue.ts';

const fill = readWords();
const settings = loadSettings();
const count = fill > 0 ? 0 : settings.publishCount;

const connection = await connect(settings);
const channel = await connection.createChannel();
await declare(channel);

// Parcels for ever. Every third one is broken: whoever receives it can't deal with it.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const parcel = `Parcel ${sent + 1}${sent % 3 === 2 ? ', broken' : ''}`;
  for (const queue of [CLASSIC, QUORUM]) {
    await channel.publish('', queue, Buffer.from(parcel), { persistent: true });
  }
  console.log(` [x] Sent '${parcel}' to both queues`);
}

// With "fill" no parcels, but so many messages into each of four queues, and all of them confirmed.
// Then kill the broker and count. A confirm says that the broker has a message, not that it will
// keep it. They go out by the thousand: whoever awaits nothing has all of them in memory.
if (fill > 0) await declareStores(channel);
for (const { queue, persistent } of fill > 0 ? STORES : []) {
  for (let sent = 0; sent < fill; sent += 1000) {
    const message = () => channel.publish('', queue, Buffer.from('x'.repeat(100)), { persistent });
    await Promise.all(Array.from({ length: Math.min(1000, fill - sent) }, message));
  }
  console.log(` [x] Confirmed ${fill} messages in ${queue}`);
}

await connection.close();

function readWords() {
  try {
    const [word, number = '0', ...more] = parseArgs({ allowPositionals: true }).positionals;
    const fill = Number(number);
    const fits = Number.isInteger(fill) && fill >= 1 && fill <= 100_000;
    if (word && (word !== 'fill' || !fits || more.length > 0)) throw new Error('unknown');
    return fill;
  } catch {
    console.error('Usage: [fill COUNT], such as: fill 1000 (at most 100000)');
    process.exit(2);
  }
}
