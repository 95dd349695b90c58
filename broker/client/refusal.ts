/** What went wrong with a connection, in words. Pure: errors in, text out. */
import type { BrokerAddress } from './config.ts';

/** "host:port", as the lines about the connection name the broker. */
export function address(broker: BrokerAddress): string {
  return `${broker.hostname}:${broker.port}`;
}

/**
 * Answers that another attempt would only repeat: the broker is there and says no.
 * Codes: AMQP 0-9-1 specification, section 1.2; RabbitMQ refuses a vhost with 530.
 */
const REFUSALS = new Set([402, 403, 404, 405, 406, 503, 530, 540]);

/** The AMQP reply code of an error, where the broker sent one. */
export function replyCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  if (typeof code === 'number') return code;
  const quoted = /: (\d{3}) \(/.exec(error.message)?.[1];
  return quoted ? Number(quoted) : undefined;
}

/**
 * Whether the broker answered a call by closing its channel, or the connection: such a call would
 * only be refused again. amqplib says "Operation failed" where the call itself is meant. An error of
 * the server itself or of the protocol (5xx) closes the connection and names no call.
 */
export function isRefusalOfCall(error: unknown): error is Error {
  return (
    error instanceof Error && /^(Operation failed|Connection closed: 5\d\d )/.test(error.message)
  );
}

/**
 * Whether the broker closed the channel because of a call or a publish: whoever made it gets the
 * error. Acks (basic.ack, reject, nack) and the broker's own reasons have nobody who waits.
 */
export function isTold(error: unknown): boolean {
  const { classId = 0, methodId = 0 } = Object(error);
  return classId !== 0 && !(classId === 60 && [80, 90, 120].includes(methodId));
}

/**
 * Whether a process of the broker has crashed over a call: 541 without a reason. It may have come at
 * a bad moment: RabbitMQ 4.0 (seen on 4.0.5) crashes over a consumer of a stream that another
 * program is declaring just now.
 */
export function isCrash(error: unknown): boolean {
  return replyCode(error) === 541 && brokerWords(error) === 'INTERNAL_ERROR';
}

/** Whether amqplib has opened as many channels on a connection as the broker allows. */
export function isNoChannelLeft(error: unknown): error is Error {
  return error instanceof Error && error.message === 'No channels left to allocate';
}

/** What the errors of errors.ts are made of: a message with the place, the code, the cause. */
export function refusalOf(error: unknown, where: string): [string, number | string, unknown] {
  return [withAdvice(where, brokerWords(error)), replyCode(error) ?? 'REFUSED', error];
}

/** Whether the broker closed the channel because of a message that was published on it. */
export function isPublishRefusal(error: unknown): error is Error {
  const { classId, methodId } = Object(error);
  return classId === 60 && methodId === 40; // basic.publish
}

/**
 * The error in a `connection.close`, if these bytes are one: class 10, method 50, then the reply
 * code and the reply text with its length before it. Source: AMQP 0-9-1 specification, 1.4.2.10.
 */
export function readClose(bytes: Buffer): Error | undefined {
  if (bytes.length < 14 || bytes.readUInt32BE(7) !== 0x000a_0032) return undefined;
  const text = bytes.toString('utf8', 14, 14 + bytes.readUInt8(13));
  return Object.assign(new Error(text), { code: bytes.readUInt16BE(11) });
}

/**
 * An error if these bytes, heard without TLS, are a TLS alert: record type 21, version 3.x. A peer
 * that waits for TLS answers so to AMQP's first bytes. Source: RFC 8446, sections 5.1 and 6.
 */
export function readTlsAlert(bytes: Buffer): Error | undefined {
  if (bytes.length !== 7 || bytes[0] !== 21 || bytes[1] !== 3) return undefined;
  return Object.assign(new Error('a TLS alert came back'), { code: SPEAKS_TLS });
}
const SPEAKS_TLS = 'ERR_TLS_EXPECTED';

/**
 * Why the opening of a connection was refused: where, what the broker said, how to mend it.
 *
 * @returns undefined when the error is no refusal and the attempt should be repeated
 */
export function refusal(error: unknown, broker: BrokerAddress): string | undefined {
  const code = replyCode(error);
  if (isTlsError(error)) return tlsRefusal(error, address(broker));
  if (/^SASL mechanism/.test(brokerWords(error))) {
    return (
      `${address(broker)} refused: ${brokerWords(error)}. ` +
      'Check `AMQP_AUTH_MECHANISM` and `AMQP_TLS`.'
    );
  }
  if (code === undefined || !REFUSALS.has(code)) return undefined;
  const said = `${address(broker)} refused: ${brokerWords(error).replace(/\.$/, '')}.`;
  if (code === 530) {
    return `${said} Check \`AMQP_VHOST\`; see \`rabbitmqctl list_vhosts\` and \`list_permissions\`.`;
  }
  if (/Login was refused.*EXTERNAL/.test(said)) {
    return (
      `${said} Is there a user with the name in the certificate of \`AMQP_CERT_FILE\`? ` +
      'See `rabbitmqctl list_users`.'
    );
  }
  if (/Login was refused/.test(said)) {
    return `${said} Check \`AMQP_USER\` ("${broker.username}") and \`AMQP_PASSWORD\`.`;
  }
  return said;
}

function withAdvice(where: string, words: string): string {
  const said = `${where} refused: ${words.replace(/\.$/, '')}.`;
  if (/transient_nonexcl_queues/.test(said)) {
    return (
      `${said} Declare the queue as durable or exclusive, or have the broker permit it as ` +
      'broker/server/advanced.config does (lesson 01).'
    );
  }
  const vhost = /access to (?:exchange|queue|topic) .* in vhost '(.*?)' refused/.exec(said)?.[1];
  return vhost === undefined ? said : `${said} See \`rabbitmqctl list_permissions -p ${vhost}\`.`;
}

/** Whether no TLS connection came about: a certificate, or a peer that doesn't speak TLS. */
export function isTlsError(error: unknown): error is Error {
  return /CERT|SELF_SIGNED|UNABLE_TO|ERR_(TLS|SSL|OSSL)/.test(String(codeOf(error)));
}

function tlsRefusal(error: Error, where: string): string {
  const why = brokerWords(error);
  switch (codeOf(error)) {
    case SPEAKS_TLS:
      return `${where} speaks TLS and no plain AMQP. Check \`AMQP_TLS\` and \`AMQP_PORT\`.`;
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `${where} does not speak TLS. Check \`AMQP_TLS\` and \`AMQP_PORT\`.`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `No TLS connection to ${where}: ${why}. Check \`AMQP_HOST\`.`;
    case 'CERT_HAS_EXPIRED':
      return `No TLS connection to ${where}: ${why}. The broker's certificate must be renewed.`;
  }
  if (/\balert\b/.test(why)) {
    return `${where} refused the TLS connection: ${why}. Check \`AMQP_CERT_FILE\`.`;
  }
  const files = /OSSL/.test(String(codeOf(error))) ? ', `AMQP_CERT_FILE` and `AMQP_KEY_FILE`' : '';
  return `No TLS connection to ${where}: ${why}. Check \`AMQP_CA_FILE\`${files}.`;
}

/** A number from the broker, a word from Node, or nothing. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Why there is no connection, in a few words. */
export function reason(error: unknown): string {
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'no such host';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'the connection was cut';
  }
  const message = error instanceof Error ? error.message : String(error);
  if (message === 'connect ETIMEDOUT') return 'it does not answer';
  if (message === 'Heartbeat timeout') return 'no sign of life for two heartbeats';
  if (/Unexpected close|Socket closed abruptly/.test(message)) return 'the connection was cut';
  return brokerWords(error);
}

/** The broker's own words, without what amqplib or OpenSSL puts around them. */
export function brokerWords(error: unknown): string {
  // OpenSSL puts a number, and a place in its source, around the reason.
  if (error instanceof Error && 'library' in error && 'reason' in error) return `${error.reason}`;
  // Node's error for a host with several addresses has a code and no message.
  const message = error instanceof Error ? error.message || String(codeOf(error)) : String(error);
  // Of several lines the first says what is wrong.
  return /with message "(.*?)"?$/m.exec(message)?.[1] ?? message;
}
