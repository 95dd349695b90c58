// 17-cluster, the sending side: numbered orders; with each goes how many were confirmed before it.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { MessageError } from '../broker/client/errors.ts';
import { declare, QUEUE } from '../broker/topology/17-cluster.ts';

const settings = loadSettings();

// Nothing here says that there are three nodes: `AMQP_HOST=broker,broker-2,broker-3` does. When the
// node is lost that this program is connected to, it goes to the next one.
const connection = await connect(settings);
let channel = await connection.createChannel();
await declare(channel);

// The number of confirmed orders goes with each further one. So the other side can tell what it
// should have received: all orders up to this number, in this run.
const run = randomUUID();
let confirmed = 0;
const publish = (text: string) => {
  const headers = { 'run-id': run, 'confirmed-so-far': confirmed };
  return channel.publish('', QUEUE, Buffer.from(text), { persistent: true, headers });
};

// A hundred orders at a time. A confirm of a quorum queue says: most of the nodes have the order on
// their disk. What was on its way when the connection broke is sent again: it may be there twice,
// but it isn't lost.
while (confirmed < settings.publishCount) {
  if (confirmed > 0) await pause(settings.publishIntervalMs);
  const size = Math.min(100, settings.publishCount - confirmed);
  let left = Array.from({ length: size }, (_, i) => confirmed + 1 + i);
  while (left.length > 0) left = await send(left);
  confirmed += size;
  console.log(` [x] Confirmed ${confirmed} orders`);
}

// The last message is no order. It brings the last number.
await publish('That is all');
await connection.close();

// Returns those orders that have to be sent again. While most of the nodes are away there is no
// confirm: the orders wait, or there is a nack, by which the broker says that it can't keep them.
async function send(numbers: number[]): Promise<number[]> {
  const refused: number[] = [];
  const sent = numbers.map((number) =>
    publish(`Order ${number}`).catch((error) => {
      if (!(error instanceof MessageError) || error.code !== 'NACKED') throw error;
      refused.push(number);
    }),
  );
  await Promise.all(sent);
  if (refused.length > 0) {
    console.log(` [!] ${refused.length} orders were refused. Sending them again.`);
    await pause(1000);
    // On a new channel: RabbitMQ 3.10 may look for the dead leader as long as the old one lives.
    await channel.close();
    channel = await connection.createChannel();
    await declare(channel);
  }
  return refused;
}
