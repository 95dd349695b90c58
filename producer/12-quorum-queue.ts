// 12-quorum-queue, the sending side: each parcel goes to a classic queue and to a quorum queue.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import {
  CLASSIC,
  declare,
  declareStores,
  QUORUM,
  STORES,
} from '../broker/topology/12-quorum-queue.ts';

const [word, number, ...more] = process.argv.slice(2);
const fill = Number(number);
if (word !== undefined && (word !== 'fill' || !(fill >= 1 && fill <= 100_000) || more.length > 0)) {
  console.error('Usage: [fill COUNT], such as: fill 1000 (at most 100000)');
  process.exit(2);
}

// To fill: so many messages into each of four queues, and all of them confirmed. Then kill the
// broker and count. A confirm says that the broker has a message, not that it will keep it.
if (word === 'fill') {
  const broker = await connect(declareStores);
  for (const { queue, persistent } of STORES) {
    const message = () => broker.publish('', queue, Buffer.from('x'.repeat(100)), { persistent });
    await Promise.all(Array.from({ length: fill }, message));
    console.log(` [x] Confirmed ${fill} messages in ${queue}`);
  }
  await broker.close();
} else {
  await sendParcels();
}

// Otherwise parcels for ever. Every third one is broken: whoever receives it can't deal with it.
async function sendParcels(): Promise<void> {
  const { publishCount, publishIntervalMs } = loadSettings();
  const broker = await connect(declare);
  for (let sent = 0; sent < publishCount; sent++) {
    if (sent > 0) await pause(publishIntervalMs);
    const parcel = `Parcel ${sent + 1}${sent % 3 === 2 ? ', broken' : ''}`;
    for (const queue of [CLASSIC, QUORUM]) {
      await broker.publish('', queue, Buffer.from(parcel), { persistent: true });
    }
    console.log(` [x] Sent '${parcel}' to both queues`);
  }
  await broker.close();
}
