// 19-by-hand, the receiving side: with amqplib and nothing of this lab.
import { connect } from 'amqplib';

const connection = await connect('amqp://localhost');
const channel = await connection.createChannel();

await channel.assertQueue('hello', { durable: false });

function callback(message) {
  console.log(` [x] Received '${message.content}'`);
  channel.ack(message);
}

console.log(' [*] Waiting for messages. To exit press CTRL+C');
await channel.consume('hello', callback);
