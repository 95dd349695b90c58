// 15-tls, the receiving side: reads letters over an encrypted connection of its own.
import { TLSSocket } from 'node:tls';
import { connect } from '../broker/client/connect.ts';
import type { Connection } from '../broker/client/connection.ts';

// The client has checked the broker's certificate before it said a word of AMQP: is it signed by
// the authority in AMQP_CA_FILE, for the host in AMQP_HOST, and still valid? If not, you will see
// one line, and the program ends.
const connection = await connect();
console.log(` [*] ${describeEncryption(connection)}`);
const channel = await connection.createChannel();

// Encryption ends at the broker: in the queue the letters lie as they are.
await channel.assertQueue('letters_by_tls', { durable: true });

// `userId` was checked by the broker: whoever sent this had logged in as that user.
await channel.consume('letters_by_tls', (letter) => {
  const { userId } = letter.properties;
  console.log(` [x] Received '${letter.content}' from ${userId ?? 'nobody'}`);
  channel.ack(letter);
});
console.log(' [*] Waiting for messages. To exit press CTRL+C');

// How the connection in use is encrypted, and whose certificate the broker has shown.
function describeEncryption({ stream }: Connection): string {
  if (!(stream instanceof TLSSocket)) return stream ? 'Not encrypted' : 'Not connected';
  const { subject, issuer, valid_to } = stream.getPeerCertificate();
  return (
    `${stream.getProtocol()} with ${stream.getCipher().standardName}. ` +
    `The broker is ${subject.CN}, says ${issuer.CN}, until ${valid_to}`
  );
}
