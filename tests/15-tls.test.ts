/** Lesson 15-tls: the real programs over TLS, and each way to be refused. */
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect } from 'vitest';
import { callApi } from './broker.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/15-tls.ts';
const CONSUMER = 'consumer/15-tls.ts';

/** What broker/server/15-tls/certificates has made. */
const file = (name: string) => `/certificates/${name}`;
const TLS = { AMQP_TLS: 'true', AMQP_PORT: '5671', AMQP_CA_FILE: file('ca.pem') };
const WITH_CERTIFICATE = {
  ...TLS,
  AMQP_CERT_FILE: file('client.pem'),
  AMQP_KEY_FILE: file('client.key'),
};
const EXTERNAL = { ...WITH_CERTIFICATE, AMQP_AUTH_MECHANISM: 'EXTERNAL' };

const ENCRYPTED = expect.stringMatching(
  /^ \[\*\] TLSv1\.3 with TLS_AES_\w+\. The broker is lesson-broker, says RabbitMQ Lab CA, until /,
);

test('a letter goes through two encrypted connections, with the name of its sender', async ({
  start,
}) => {
  const consumer = start(CONSUMER, TLS);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, TLS, ['A', 'letter']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([ENCRYPTED, " [x] Sent 'A letter' as guest"]);
  await consumer.waitForLine(/Received/);
  expect(consumer.lines).toEqual([
    ENCRYPTED,
    ' [*] Waiting for messages. To exit press CTRL+C',
    " [x] Received 'A letter' from guest",
  ]);
});

test('without TLS it works on the plain port, and says that it is not encrypted', async ({
  start,
}) => {
  const producer = start(PRODUCER, {}, ['A postcard']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([' [*] Not encrypted', " [x] Sent 'A postcard' as guest"]);
});

// One test and not two: the user's name is in the certificate, so only one test can make the user.
test('with EXTERNAL the user is the one whose name is in the certificate, if there is such a user', async ({
  onTestFinished,
  start,
  vhost,
}) => {
  const refused = start(PRODUCER, EXTERNAL, ['A letter']);
  expect(await refused.end()).toBe(1);
  expect(refused.lines).toEqual([
    expect.stringMatching(
      /:5671 refused: .* mechanism EXTERNAL\. .*user with the name in the cert/,
    ),
  ]);

  await callApi('PUT', '/api/users/lab-client', { password_hash: '', tags: '' });
  onTestFinished(async () => void (await callApi('DELETE', '/api/users/lab-client')));
  const permissions = `/api/permissions/${encodeURIComponent(vhost.name)}/lab-client`;
  await callApi('PUT', permissions, { configure: '.*', write: '.*', read: '.*' });
  const consumer = start(CONSUMER, EXTERNAL);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, EXTERNAL, ['A letter']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([ENCRYPTED, " [x] Sent 'A letter' as lab-client"]);
  await consumer.waitForLine(/Received 'A letter' from lab-client/);
});

test.for([
  ['plain AMQP at the TLS port', { AMQP_PORT: '5671' }, / speaks TLS and no plain AMQP\. /],
  ['TLS at the plain port', { ...TLS, AMQP_PORT: '5672' }, /:5672 does not speak TLS\. /],
  [
    'an authority that has not signed the certificate of the broker',
    { ...TLS, AMQP_CA_FILE: file('other-ca.pem') },
    / No TLS connection to .*:5671: self-signed certificate in certificate chain\. .*`AMQP_CA_FILE`/,
  ],
  [
    'a client certificate that has expired',
    { ...WITH_CERTIFICATE, AMQP_CERT_FILE: file('client-expired.pem') },
    /:5671 refused the TLS connection: .*alert certificate expired\. .*`AMQP_CERT_FILE`/,
  ],
  [
    'a client certificate of another authority',
    { ...WITH_CERTIFICATE, AMQP_CERT_FILE: file('stranger.pem') },
    /:5671 refused the TLS connection: .*alert unknown ca\. .*`AMQP_CERT_FILE`/,
  ],
  [
    'EXTERNAL without TLS',
    { ...EXTERNAL, AMQP_TLS: 'false', AMQP_PORT: '5672' },
    /:5672 refused: SASL mechanism EXTERNAL is not provided by the server\. /,
  ],
] as const)('refused at once, in one line: %s', async ([, settings, line], { start }) => {
  const consumer = start(CONSUMER, settings);
  expect(await consumer.end()).toBe(1);
  expect(consumer.lines).toEqual([expect.stringMatching(line)]);
});

test('refused at once: a host name that is not in the certificate', async ({ start, vhost }) => {
  const { address } = await lookup(vhost.address.hostname);
  const consumer = start(CONSUMER, { ...TLS, AMQP_HOST: address });
  expect(await consumer.end()).toBe(1);
  expect(consumer.lines).toEqual([
    expect.stringMatching(/Hostname\/IP does not match certificate's altnames: .*`AMQP_HOST`/),
  ]);
});

// A server of the test's own: the certificate of the one broker can't be both good and expired.
test('refused at once: a broker whose certificate has expired', async ({
  onTestFinished,
  start,
}) => {
  const server = createServer({
    key: readFileSync(file('server.key')),
    cert: readFileSync(file('server-expired.pem')),
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0), 'listening');
  const { port } = server.address() as AddressInfo;
  const consumer = start(CONSUMER, { ...TLS, AMQP_HOST: 'localhost', AMQP_PORT: `${port}` });
  expect(await consumer.end()).toBe(1);
  expect(consumer.lines).toEqual([
    ` [!] No TLS connection to localhost:${port}: certificate has expired. ` +
      "The broker's certificate must be renewed.",
  ]);
});
