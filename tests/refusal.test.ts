/** Errors of a connection -> words. The errors are the ones that amqplib and Node really throw. */
import { describe, expect, test } from 'vitest';
import { readSettings } from '../broker/client/config.ts';
import { readTlsAlert, reason, refusal, refusalOf, replyCode } from '../broker/client/refusal.ts';

const [broker] = readSettings({
  AMQP_HOST: 'rabbit',
  AMQP_VHOST: 'shop',
  AMQP_USER: 'anna',
}).brokers;

const WRONG_PASSWORD = new Error(
  'Handshake terminated by server: 403 (ACCESS_REFUSED) with message "ACCESS_REFUSED - Login was ' +
    'refused using authentication mechanism PLAIN. For details see the broker logfile."',
);
const OTHER_ARGUMENTS = withCode(
  406,
  'Operation failed: QueueDeclare; 406 (PRECONDITION_FAILED) with message "PRECONDITION_FAILED - ' +
    "inequivalent arg 'durable' for queue 'hello' in vhost '/': received 'false' but current is " +
    "'true'\"",
);
const NO_PERMISSION = withCode(
  403,
  'Operation failed: QueueDeclare; 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - configure ' +
    "access to queue 'orders' in vhost 'shop' refused for user 'anna'\"",
);
/** As RabbitMQ 4.3 says it, cut to the 255 bytes that a reply text may have. */
const DENIED = withCode(
  541,
  'Connection closed: 541 (INTERNAL-ERROR) with message "INTERNAL_ERROR - Feature ' +
    '`transient_nonexcl_queues` is deprecated.\nBy default, this feature is not permitted anymore.\n' +
    'The feature will be removed from a future major RabbitMQ version, regardless of the "',
);
const BROKER_STOPS = withCode(
  320,
  'Connection closed: 320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - broker forced ' +
    "connection closure with reason 'shutdown'\"",
);

function withCode(code: number | string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** An error of OpenSSL, as Node makes it: the reason is also within the message. */
function ofOpenSsl(code: string, reason: string): Error {
  const message = `404D5B02B47F0000:error:0A000415:SSL routines:ssl3_read:${reason}:../ssl.c:918:\n`;
  return Object.assign(withCode(code, message), { library: 'SSL routines', reason });
}

describe('a refusal that ends the program says where, what the broker said and how to mend it:', () => {
  test('a wrong password', () => {
    expect(replyCode(WRONG_PASSWORD)).toBe(403);
    expect(refusal(WRONG_PASSWORD, broker)).toBe(
      'rabbit:5672 refused: ACCESS_REFUSED - Login was refused using authentication mechanism ' +
        'PLAIN. For details see the broker logfile. Check `AMQP_USER` ("anna") and `AMQP_PASSWORD`.',
    );
  });

  test('a permission that the user lacks', () => {
    expect(refusalOf(NO_PERMISSION, 'rabbit:5672')[0]).toBe(
      "rabbit:5672 refused: ACCESS_REFUSED - configure access to queue 'orders' in vhost 'shop' " +
        "refused for user 'anna'. See `rabbitmqctl list_permissions -p shop`.",
    );
  });

  test('a declaration that contradicts what exists', () => {
    expect(refusalOf(OTHER_ARGUMENTS, 'rabbit:5672')[0]).toBe(
      "rabbit:5672 refused: PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'hello' in " +
        "vhost '/': received 'false' but current is 'true'.",
    );
  });

  test('a queue that RabbitMQ 4.3 denies: one line of the many, and what to do', () => {
    expect(refusalOf(DENIED, 'rabbit:5672')[0]).toBe(
      'rabbit:5672 refused: INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated. ' +
        'Declare the queue as durable or exclusive, or have the broker permit it as ' +
        'broker/server/advanced.config does (lesson 01).',
    );
  });

  // The second column is what Node throws for it, with the code in front.
  test.each([
    [
      'a certificate that nobody trusted has signed',
      withCode('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'),
      'No TLS connection to rabbit:5672: self-signed certificate in certificate chain. ' +
        'Check `AMQP_CA_FILE`.',
    ],
    [
      'a certificate for other hosts',
      Object.assign(
        withCode(
          'ERR_TLS_CERT_ALTNAME_INVALID',
          "Hostname/IP does not match certificate's altnames: Host: rabbit. is not in the cert's " +
            'altnames: DNS:broker',
        ),
        { reason: "Host: rabbit. is not in the cert's altnames: DNS:broker" },
      ),
      "No TLS connection to rabbit:5672: Hostname/IP does not match certificate's altnames: " +
        "Host: rabbit. is not in the cert's altnames: DNS:broker. Check `AMQP_HOST`.",
    ],
    [
      "a broker's certificate that has expired",
      withCode('CERT_HAS_EXPIRED', 'certificate has expired'),
      'No TLS connection to rabbit:5672: certificate has expired. ' +
        "The broker's certificate must be renewed.",
    ],
    [
      'a port that speaks no TLS',
      ofOpenSsl('ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number'),
      'rabbit:5672 does not speak TLS. Check `AMQP_TLS` and `AMQP_PORT`.',
    ],
    [
      "a client's certificate that the broker refuses",
      ofOpenSsl('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tlsv1 alert unknown ca'),
      'rabbit:5672 refused the TLS connection: tlsv1 alert unknown ca. Check `AMQP_CERT_FILE`.',
    ],
    [
      'a key of another certificate',
      ofOpenSsl('ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'key values mismatch'),
      'No TLS connection to rabbit:5672: key values mismatch. ' +
        'Check `AMQP_CA_FILE`, `AMQP_CERT_FILE` and `AMQP_KEY_FILE`.',
    ],
    [
      'a port that answers plain AMQP with a TLS alert',
      readTlsAlert(Buffer.from([21, 3, 3, 0, 2, 2, 10])),
      'rabbit:5672 speaks TLS and no plain AMQP. Check `AMQP_TLS` and `AMQP_PORT`.',
    ],
    [
      'a certificate with no user of its name',
      new Error(WRONG_PASSWORD.message.replace('PLAIN', 'EXTERNAL')),
      'rabbit:5672 refused: ACCESS_REFUSED - Login was refused using authentication mechanism ' +
        'EXTERNAL. For details see the broker logfile. Is there a user with the name in the ' +
        'certificate of `AMQP_CERT_FILE`? See `rabbitmqctl list_users`.',
    ],
    [
      'a login by certificate where none was shown',
      new Error('SASL mechanism EXTERNAL is not provided by the server'),
      'rabbit:5672 refused: SASL mechanism EXTERNAL is not provided by the server. ' +
        'Check `AMQP_AUTH_MECHANISM` and `AMQP_TLS`.',
    ],
  ])('%s', (_, error, line) => {
    expect(refusal(error, broker)).toBe(line);
  });
});

test.each([
  ['an AMQP frame', Buffer.from([1, 0, 0, 0, 0, 2, 0])],
  ['the header of another AMQP', Buffer.from('AMQP\0\0\x09\x01')],
  ['nothing', Buffer.alloc(0)],
])('%s is no TLS alert', (_, bytes) => {
  expect(readTlsAlert(bytes)).toBeUndefined();
});

describe('no refusal, so it is worth another attempt:', () => {
  test.each([
    ['nothing listens', withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5672')],
    ['the broker stops', BROKER_STOPS],
    ['a broken broker', withCode(541, 'Connection closed: 541 (INTERNAL-ERROR) with message "x"')],
    ['no error at all', undefined],
  ])('%s', (_, error) => {
    expect(refusal(error, broker)).toBeUndefined();
  });
});

test.each([
  [withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5672'), 'nothing listens there'],
  [withCode('ENOTFOUND', 'getaddrinfo ENOTFOUND rabbit'), 'no such host'],
  [withCode('EAI_AGAIN', 'getaddrinfo EAI_AGAIN rabbit'), 'no such host'],
  [withCode('ECONNRESET', 'read ECONNRESET'), 'the connection was cut'],
  [new Error('Unexpected close'), 'the connection was cut'],
  [new Error('Socket closed abruptly during opening handshake'), 'the connection was cut'],
  [new Error('connect ETIMEDOUT'), 'it does not answer'],
  [new Error('Heartbeat timeout'), 'no sign of life for two heartbeats'],
  [BROKER_STOPS, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'"],
  [
    ofOpenSsl('ERR_SSL_SSL/TLS_ALERT', 'ssl/tls alert bad certificate'),
    'ssl/tls alert bad certificate',
  ],
  [new Error('something else'), 'something else'],
])('"%s" reads: %s', (error, words) => {
  expect(reason(error)).toBe(words);
});
