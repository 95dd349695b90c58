// 01-hello, the receiving side: prints what arrives in the queue "hello".
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/01-hello.ts';

await connect(async (channel) => {
  // The queue is declared here too: no one knows which side starts first.
  await declare(channel);

  // From now on the broker pushes each message to this callback. `noAck`: a message counts as
  // delivered once it is sent to us, and the broker forgets it. Lesson 02 does this with more care.
  await channel.consume(
    QUEUE,
    (message) => {
      console.log(` [x] Received '${message.content}'`);
    },
    { noAck: true },
  );
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
});
