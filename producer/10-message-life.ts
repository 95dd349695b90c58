// 10-message-life, the sending side: parcels, one at a time.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { declare, EXCHANGE, KEY } from '../broker/topology/10-message-life.ts';

// A parcel may be given, and a routing key. It is sent once.
const { given, key } = readWords();
const settings = loadSettings();
const count = given ? 1 : settings.publishCount;

const connection = await connect(settings);
const channel = await connection.createChannel();
await declare(channel);

// `persistent`: the queue keeps the parcel in memory and on the disk, and you will find it in both.
// `timestamp` is in seconds. The broker shows that of the parcel at the head of the queue.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const parcel = given ?? `Parcel ${sent + 1}`;
  const timestamp = Math.floor(Date.now() / 1000);
  await channel.publish(EXCHANGE, key, Buffer.from(parcel), { persistent: true, timestamp });
  console.log(` [x] Sent '${parcel}'`);
}

await connection.close();

function readWords() {
  try {
    const [given, key = KEY, ...more] = parseArgs({ allowPositionals: true }).positionals;
    if (more.length > 0) throw new Error('too many');
    return { given, key };
  } catch {
    console.error(`Usage: ["parcel" [KEY]], such as: "A parcel" ${KEY}`);
    process.exit(2);
  }
}
