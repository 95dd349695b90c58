// 15-tls, the sending side: letters over an encrypted connection, each with its sender's name.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import type { Connection } from '../broker/client/connection.ts';

const given = process.argv.slice(2).join(' ');
const settings = loadSettings();
const count = given ? 1 : settings.publishCount;

// TLS is below AMQP, and a matter of settings. You will see the same calls as in the other lessons,
// and how the connection was encrypted.
const connection = await connect(settings);
console.log(` [*] ${describeEncryption(connection)}`);
const channel = await connection.createChannel();
await channel.assertQueue('letters_by_tls', { durable: true });

// Who this program is for the broker. With PLAIN it says a user's name and a password. With
// EXTERNAL it says neither: the broker takes the common name (CN) of the certificate it checked.
const { mechanism, username, certFile = '' } = settings.brokers[0];
const user = mechanism === 'EXTERNAL' ? commonName(certFile) : username;

// `userId` names the sender. It is one of the few properties that the broker checks: it takes the
// message only if the connection has logged in as that user.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const text = given || `Letter ${sent + 1}`;
  const properties = { persistent: true, userId: user };
  await channel.publish('', 'letters_by_tls', Buffer.from(text), properties);
  console.log(` [x] Sent '${text}' as ${user}`);
}

await connection.close();

// How the connection in use is encrypted, and whose certificate the broker has shown.
function describeEncryption({ stream }: Connection): string {
  if (!(stream instanceof TLSSocket)) return stream ? 'Not encrypted' : 'Not connected';
  const { subject, issuer, valid_to } = stream.getPeerCertificate();
  return (
    `${stream.getProtocol()} with ${stream.getCipher().standardName}. ` +
    `The broker is ${subject.CN}, says ${issuer.CN}, until ${valid_to}`
  );
}

function commonName(file: string): string {
  return /^CN=(.*)$/m.exec(new X509Certificate(readFileSync(file)).subject)?.[1] ?? '';
}
