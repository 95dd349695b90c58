// 10-message-life, the sending side: parcels, one at a time.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, EXCHANGE, KEY } from '../broker/topology/10-message-life.ts';

// A parcel may be given, and a routing key. It is sent once.
const [given, key = KEY, ...more] = process.argv.slice(2);
if (more.length > 0) {
  console.error(`Usage: ["parcel" [KEY]], such as: "A parcel" ${KEY}`);
  process.exit(2);
}
const { publishCount, publishIntervalMs } = loadSettings();
const count = given ? 1 : publishCount;

const broker = await connect(declare);

// `persistent`: the queue keeps the parcel in memory and on the disk, and you will find it in both.
// `timestamp` is in seconds. The broker shows that of the parcel at the head of the queue.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  const parcel = given ?? `Parcel ${sent + 1}`;
  const timestamp = Math.floor(Date.now() / 1000);
  await broker.publish(EXCHANGE, key, Buffer.from(parcel), { persistent: true, timestamp });
  console.log(` [x] Sent '${parcel}'`);
}

await broker.close();
