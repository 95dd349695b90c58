// 09-pull, the sending side: a letter now and then.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

// A letter may be given: "Long letter....." takes five seconds to read, one for each dot.
const given = readLetter();
const settings = loadSettings();
const count = given ? 1 : settings.publishCount;

// The one queue of this lesson, to be looked into like a letter box. `durable`: it outlives the
// broker, so that a letter can wait for days.
const connection = await connect(settings);
const channel = await connection.createChannel();
await channel.assertQueue('letters', { durable: true });

// Each letter carries the time at which it was sent, so that you will see how long it lay there.
// AMQP has a property for that, `timestamp`, but it counts whole seconds.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const text = given ?? `Letter ${sent + 1}`;
  const headers = { 'sent-at-ms': Date.now() };
  await channel.publish('', 'letters', Buffer.from(text), { persistent: true, headers });
  console.log(` [x] Sent '${text}'`);
}

await connection.close();

function readLetter(): string | undefined {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    if (positionals[0] === '') throw new Error('empty');
    return positionals.length > 0 ? positionals.join(' ') : undefined;
  } catch {
    console.error('Usage: [letter], some text that begins with no "-", such as: Long letter.....');
    process.exit(2);
  }
}
