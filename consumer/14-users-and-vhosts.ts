// 14-users-and-vhosts, the receiving side: orders of the vhost in the settings.
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { declare, ORDERS } from '../broker/topology/14-users-and-vhosts.ts';

const check = readWord();
const settings = loadSettings();
const { username, vhost } = settings.brokers[0];

const connection = await connect(settings);
const channel = await connection.createChannel();

// With the word "check" this program declares nothing, and only asks whether the queue is there.
if (check) await channel.checkQueue(ORDERS);
else await declare(channel);

// The broker checks the permission to read here, once, and not with each message. If the user loses
// it later, this consumer still gets messages: you will see that.
await channel.consume(ORDERS, (order) => {
  console.log(` [x] Received '${order.content}' as ${username} in ${vhost}`);
  channel.ack(order);
});
console.log(' [*] Waiting for messages. To exit press CTRL+C');

function readWord() {
  try {
    const words = parseArgs({ allowPositionals: true }).positionals.join(' ');
    if (words !== '' && words !== 'check') throw new Error('unknown');
    return words === 'check';
  } catch {
    console.error('Usage: [check]: declare nothing, only check that the queue is there');
    process.exit(2);
  }
}
