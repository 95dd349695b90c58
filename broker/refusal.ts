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
  if ('code' in error && typeof error.code === 'number') return error.code;
  const quoted = /: (\d{3}) \(/.exec(error.message)?.[1];
  if (quoted) return Number(quoted);
  // amqplib hides the reason when the broker closes instead of opening the vhost.
  return /^Expected ConnectionOpenOk; got <ConnectionClose/.test(error.message) ? 530 : undefined;
}

/**
 * The line for a refusal that ends the program: where, what the broker said, how to mend it.
 *
 * @returns undefined when the error is no refusal and the attempt should be repeated
 */
export function refusal(error: unknown, broker: BrokerAddress): string | undefined {
  const code = replyCode(error);
  if (isBadCertificate(error)) {
    return (
      `${address(broker)} showed a certificate that is not trusted: ${error.message}. ` +
      'Check `AMQP_HOST` and `AMQP_CA_FILE`.'
    );
  }
  if (code === undefined || !REFUSALS.has(code)) return undefined;
  const said = `${address(broker)} refused: ${brokerWords(error)}.`;
  if (code === 530) {
    return (
      `${said} Vhost "${broker.vhost}" doesn't exist, or user "${broker.username}" has no ` +
      'permission there. Set `AMQP_VHOST`, or see `rabbitmqctl list_vhosts` and `list_permissions`.'
    );
  }
  if (/Login was refused/.test(said)) {
    return `${said} Check \`AMQP_USER\` ("${broker.username}") and \`AMQP_PASSWORD\`.`;
  }
  return said;
}

function isBadCertificate(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL/.test(String(error.code));
}

/** Why there is no connection, in a few words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no such host';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the connection was cut';
  const message = error instanceof Error ? error.message : String(error);
  if (message === 'connect ETIMEDOUT') return 'it accepts a connection but does not answer';
  if (message === 'Heartbeat timeout') return 'no sign of life for three heartbeats';
  if (/Unexpected close|Socket closed abruptly/.test(message)) return 'the connection was cut';
  return brokerWords(error);
}

/** The broker's own words, without what amqplib puts around them. */
export function brokerWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /with message "(.*)"/.exec(message)?.[1] ?? message;
}
