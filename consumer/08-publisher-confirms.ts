// 08-publisher-confirms, the receiving side: takes half a second for each order.
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../broker/client/connect.ts';
import { declare, ORDERS } from '../broker/topology/08-publisher-confirms.ts';

if (process.argv.length > 2) {
  console.error('Usage: without words; the order is given to the producer, such as: "Two apples"');
  process.exit(2);
}

const connection = await connect();
const channel = await connection.createChannel();
await declare(channel);
await channel.prefetch(1);

// This `ack` tells the broker that the order is done with. The producer hears nothing of it: what
// it got was the broker's own word, long before this one.
await channel.consume(ORDERS, async (order) => {
  console.log(` [x] Received '${order.content}'`);
  await pause(500);
  console.log(' [x] Done');
  channel.ack(order);
});
console.log(' [*] Waiting for messages. To exit press CTRL+C');
