// 01-hello, the receiving side: prints what arrives in the queue "hello".
import { connect } from '../broker/client/connect.ts';

// The same steps as on the sending side: a connection, a channel, and the queue. It is declared
// here too, since no one knows which side starts first.
const connection = await connect();
const channel = await connection.createChannel();
await channel.assertQueue('hello', { durable: false });

// From now on the broker pushes each message to this callback. `noAck`: a message counts as
// delivered once it is sent to us, and the broker forgets it. Lesson 02 does this with more care.
await channel.consume(
  'hello',
  (message) => {
    console.log(` [x] Received '${message.content}'`);
  },
  { noAck: true },
);

// The program goes on as long as the connection does. CTRL+C closes it in order.
console.log(' [*] Waiting for messages. To exit press CTRL+C');
