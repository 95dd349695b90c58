// 14-users-and-vhosts, the receiving side: orders of the vhost in the settings.
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, ORDERS } from '../broker/topology/14-users-and-vhosts.ts';

// With the word "check" this program declares nothing, and only asks whether the queue is there.
const [word = 'declare', ...more] = process.argv.slice(2);
if (!/^(declare|check)$/.test(word) || more.length > 0) {
  console.error('Usage: [check]: declare nothing, only check that the queue is there');
  process.exit(2);
}
const { username, vhost } = loadSettings().brokers[0];

await connect(async (channel) => {
  if (word === 'check') await channel.checkQueue(ORDERS);
  else await declare(channel);

  // The permission to read is looked at here, once, and not with each message. So is a user who
  // loses the permission later: you will see that this consumer goes on.
  await channel.consume(ORDERS, (order) => {
    console.log(` [x] Received '${order.content}' as ${username} in ${vhost}`);
    channel.ack(order);
  });
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
});
