/** Errors of a connection -> words. The errors are the ones that amqplib and Node really throw. */
import { describe, expect, test } from 'vitest';
import { readSettings } from '../broker/config.ts';
import { reason, refusal, replyCode } from '../broker/refusal.ts';

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
const BROKER_STOPS = withCode(
  320,
  'Connection closed: 320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - broker forced ' +
    "connection closure with reason 'shutdown'\"",
);

function withCode(code: number | string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('a refusal that ends the program says where, what the broker said and how to mend it:', () => {
  test('a wrong password', () => {
    expect(replyCode(WRONG_PASSWORD)).toBe(403);
    expect(refusal(WRONG_PASSWORD, broker)).toBe(
      'rabbit:5672 refused: ACCESS_REFUSED - Login was refused using authentication mechanism ' +
        'PLAIN. For details see the broker logfile. Check `AMQP_USER` ("anna") and `AMQP_PASSWORD`.',
    );
  });

  test('a declaration that contradicts what exists', () => {
    expect(refusal(OTHER_ARGUMENTS, broker)).toBe(
      "rabbit:5672 refused: PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'hello' in " +
        "vhost '/': received 'false' but current is 'true'.",
    );
  });

  test('a certificate that nobody trusted has signed', () => {
    const error = withCode('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate');
    expect(refusal(error, broker)).toBe(
      'No TLS connection to rabbit:5672: self-signed certificate. ' +
        'Check `AMQP_TLS`, `AMQP_HOST` and `AMQP_CA_FILE`.',
    );
  });
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
  [new Error('Heartbeat timeout'), 'no sign of life for three heartbeats'],
  [BROKER_STOPS, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'"],
  [new Error('something else'), 'something else'],
])('"%s" reads: %s', (error, words) => {
  expect(reason(error)).toBe(words);
});
