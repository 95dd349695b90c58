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
 * The line for a refusal that ends the program: where, what the broker said, how to mend it.
 *
 * @returns undefined when the error is no refusal and the attempt should be repeated
 */
export function refusal(error: unknown, broker: BrokerAddress): string | undefined {
  const code = replyCode(error);
  if (isTlsError(error)) {
    return (
      `No TLS connection to ${address(broker)}: ${error.message.trim()}. ` +
      'Check `AMQP_TLS`, `AMQP_HOST` and `AMQP_CA_FILE`.'
    );
  }
  if (code === undefined || !REFUSALS.has(code)) return undefined;
  const said = `${address(broker)} refused: ${brokerWords(error).replace(/\.$/, '')}.`;
  if (code === 530) {
    return `${said} Check \`AMQP_VHOST\`; see \`rabbitmqctl list_vhosts\` and \`list_permissions\`.`;
  }
  if (/Login was refused/.test(said)) {
    return `${said} Check \`AMQP_USER\` ("${broker.username}") and \`AMQP_PASSWORD\`.`;
  }
  return said;
}

function isTlsError(error: unknown): error is Error {
  return /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL/.test(String(codeOf(error)));
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
  if (message === 'Heartbeat timeout') return 'no sign of life for three heartbeats';
  if (/Unexpected close|Socket closed abruptly/.test(message)) return 'the connection was cut';
  return brokerWords(error);
}

/** The broker's own words, without what amqplib puts around them. */
export function brokerWords(error: unknown): string {
  // Node's error for a host with several addresses has a code and no message.
  const message = error instanceof Error ? error.message || String(codeOf(error)) : String(error);
  return /with message "(.*)"/.exec(message)?.[1] ?? message;
}
