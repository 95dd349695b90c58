// 06-headers, the sending side: documents with headers that say what they are.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { declare, EXCHANGE } from '../broker/topology/06-headers.ts';

// A message and its headers may be given: "Annual figures" format=pdf type=report
const given = readDocument();

// Otherwise these four, again and again. The first fits both queues, the next two fit one of them.
// The last one fits none: you will see it sent, and never received.
const samples = [
  { text: 'Annual figures', headers: { format: 'pdf', type: 'report' } },
  { text: 'Dear customer', headers: { format: 'pdf', type: 'letter' } },
  { text: 'Weather today', headers: { format: 'html', type: 'report' } },
  { text: 'Happy birthday', headers: { format: 'html', type: 'letter' } },
] as const;
const settings = loadSettings();
const count = given ? 1 : settings.publishCount;

const connection = await connect(settings);
const channel = await connection.createChannel();
await declare(channel);

// Headers are a table of names and values that travels with the message. The routing key is empty,
// since a headers exchange doesn't look at it. "Sent" means: the broker has taken the message. It
// doesn't mean that a queue has it.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const { text, headers } = given ?? samples[sent % samples.length] ?? samples[0];
  await channel.publish(EXCHANGE, '', Buffer.from(text), { headers });
  const shown = Object.entries(headers).map(([name, value]) => `${name}=${value}`);
  console.log(` [x] Sent '${shown.join(' ')}':'${text}'`);
}

await connection.close();

function readDocument() {
  try {
    const [text, ...pairs] = parseArgs({ allowPositionals: true }).positionals;
    const fit = pairs.every((pair) => /^[^=]+=[^=]+$/.test(pair));
    if (!fit || text?.includes('=')) throw new Error('not name=value');
    const headers = Object.fromEntries(pairs.map((pair) => pair.split('=')));
    return text ? { text, headers } : undefined;
  } catch {
    console.error(
      'Usage: "message" [name=value]..., such as "Annual figures" format=pdf type=report',
    );
    process.exit(2);
  }
}
