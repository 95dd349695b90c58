// 06-headers, the receiving side: which headers bring a message into which queue.
import { parseArgs } from 'node:util';
import { connect } from '../broker/client/connect.ts';
import { BINDINGS, declare, EXCHANGE } from '../broker/topology/06-headers.ts';

// Conditions may be given: all format=pdf type=report
const conditions = readConditions();

const connection = await connect();
const channel = await connection.createChannel();
await declare(channel);
let queues = Object.keys(BINDINGS);

// With conditions of your own: a queue of your own. The broker makes up its name, and deletes it
// when this program's connection ends. `x-match` says how many of the conditions must hold: all
// of them, or any one.
if (conditions) {
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, EXCHANGE, '', conditions);
  queues = [queue];
}

// One consumer a queue. A document that fits both queues is received twice, once from each.
for (const queue of queues) {
  await channel.consume(
    queue,
    ({ content, properties }) => {
      const headers = Object.entries(properties.headers ?? {});
      const shown = headers.map(([name, value]) => `${name}=${value}`);
      console.log(` [x] Received '${shown.join(' ')}':'${content}' from ${queue}`);
    },
    { noAck: true },
  );
}
console.log(' [*] Waiting for messages. To exit press CTRL+C');

function readConditions() {
  try {
    const [match, ...pairs] = parseArgs({ allowPositionals: true }).positionals;
    const fit = pairs.every((pair) => /^[^=]+=[^=]+$/.test(pair));
    if (!fit || match?.includes('=')) throw new Error('not name=value');
    const conditions = Object.fromEntries(pairs.map((pair) => pair.split('=')));
    return match ? { 'x-match': match, ...conditions } : undefined;
  } catch {
    console.error('Usage: [all|any name=value...], such as: any format=pdf type=report');
    process.exit(2);
  }
}
