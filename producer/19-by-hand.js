// 19-by-hand, the sending side: with amqplib and nothing of this lab.
import { connect } from 'amqplib';

const connection = await connect('amqp://localhost');
const channel = await connection.createChannel();

await channel.assertQueue('hello', { durable: false });

// No `await`: it puts the message into a buffer, and can't tell what becomes of it.
channel.publish('', 'hello', Buffer.from('Hello World!'));
console.log(" [x] Sent 'Hello World!'");

// The channel first: its end waits behind the message. That of the connection doesn't.
await channel.close();
await connection.close();
