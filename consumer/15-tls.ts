// 15-tls, the receiving side: reads letters over an encrypted connection of its own.
import { connect } from '../broker/connection.ts';
import { declare, describeEncryption, QUEUE } from '../broker/topology/15-tls.ts';

await connect(async (channel) => {
  await declare(channel);

  // The client has checked the broker's certificate before it said a word of AMQP: is it signed by
  // the authority in AMQP_CA_FILE, for the host in AMQP_HOST, and still valid? If not, you will see
  // one line, and the program ends.
  console.log(` [*] ${describeEncryption(channel)}`);

  // `userId` was checked by the broker: whoever sent this had logged in as that user.
  await channel.consume(
    QUEUE,
    (message) => {
      const { userId } = message.properties;
      console.log(` [x] Received '${message.content}' from ${userId ?? 'nobody'}`);
      channel.ack(message);
    },
    { noAck: false },
  );
  console.log(' [*] Waiting for messages. To exit press CTRL+C');
});
