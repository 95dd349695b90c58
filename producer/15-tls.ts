// 15-tls, the sending side: letters over an encrypted connection, each with its sender's name.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, describeEncryption, QUEUE } from '../broker/topology/15-tls.ts';

const given = process.argv.slice(2).join(' ');
const { brokers, publishCount, publishIntervalMs } = loadSettings();
const count = given ? 1 : publishCount;

// Who this program is for the broker. With PLAIN it says a user's name and a password. With
// EXTERNAL it says neither: the broker takes the common name (CN) of the certificate it checked.
const { mechanism, username, certFile = '' } = brokers[0];
const nameOf = (file: string) =>
  /^CN=(.*)$/m.exec(new X509Certificate(readFileSync(file)).subject)?.[1] ?? '';
const user = mechanism === 'EXTERNAL' ? nameOf(certFile) : username;

const broker = await connect(async (channel) => {
  // Nothing of the lesson is in these two lines: TLS is below AMQP, and a matter of settings. You
  // will see the same calls as in the other lessons, and how the connection was encrypted.
  await declare(channel);
  console.log(` [*] ${describeEncryption(channel)}`);
});

// `userId` names the sender. It is the one property of a message that the broker checks: it takes
// the message only if the connection has logged in as that user.
for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(publishIntervalMs);
  const text = given || `Letter ${sent + 1}`;
  await broker.publish('', QUEUE, Buffer.from(text), { persistent: true, userId: user });
  console.log(` [x] Sent '${text}' as ${user}`);
}

await broker.close();
