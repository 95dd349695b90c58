// 09-pull, the sending side: a letter now and then.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/09-pull.ts';

// A letter may be given: "Long letter....." takes five seconds to read, one for each dot.
const words = process.argv.slice(2);
const given = words.join(' ');
if (words.length > 0 && !/^[^-]/.test(given)) {
  console.error('Usage: [letter], some text that begins with no "-", such as: Long letter.....');
  process.exit(2);
}
const { publishCount, publishIntervalMs } = loadSettings();
const count = given ? 1 : publishCount;

const broker = await connect(declare);

// Each letter carries the time at which it was sent, so that you will see how long it lay there.
// AMQP has a property for that, `timestamp`, but it counts whole seconds.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  const text = given || `Letter ${sent + 1}`;
  const headers = { 'sent-at-ms': Date.now() };
  await broker.publish('', QUEUE, Buffer.from(text), { persistent: true, headers });
  console.log(` [x] Sent '${text}'`);
}

await broker.close();
