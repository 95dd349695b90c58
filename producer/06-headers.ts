// 06-headers, the sending side: documents with headers that say what they are.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, EXCHANGE } from '../broker/topology/06-headers.ts';

// A message and its headers may be given: "Annual figures" format=pdf type=report
const [text, ...pairs] = process.argv.slice(2);
if (text?.includes('=') || pairs.some((pair) => !/^[^=]+=[^=]+$/.test(pair))) {
  console.error(
    'Usage: "message" [name=value]..., such as "Annual figures" format=pdf type=report',
  );
  process.exit(2);
}
const given = { text: text ?? '', headers: Object.fromEntries(pairs.map((p) => p.split('='))) };

// Otherwise these four, again and again. The first fits both queues, the next two fit one of them.
// The last one fits none: you will see it sent, and never received.
const samples = [
  { text: 'Annual figures', headers: { format: 'pdf', type: 'report' } },
  { text: 'Dear customer', headers: { format: 'pdf', type: 'letter' } },
  { text: 'Weather today', headers: { format: 'html', type: 'report' } },
  { text: 'Happy birthday', headers: { format: 'html', type: 'letter' } },
];
const { publishCount, publishIntervalMs } = loadSettings();
const documents = text ? [given] : samples;
const count = text ? 1 : publishCount;

const broker = await connect(declare);

// Headers are a table of names and values that travels with the message. The routing key is empty,
// since a headers exchange doesn't look at it. "Sent" means: the broker has taken the message. It
// doesn't mean that a queue has it.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  const { text, headers } = documents[sent % documents.length] ?? given;
  await broker.publish(EXCHANGE, '', Buffer.from(text), { headers });
  const shown = Object.entries(headers).map(([name, value]) => `${name}=${value}`);
  console.log(` [x] Sent '${shown.join(' ')}':'${text}'`);
}

await broker.close();
