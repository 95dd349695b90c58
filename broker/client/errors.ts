/** What can go wrong for good, ordered by how much is lost with it. */

/** The common part: a message that says where, what, and how to mend it. */
export class BrokerError extends Error {
  override name = 'BrokerError';
  /**
   * The AMQP reply code (403, 404, 406, ...) where the broker sent one, else a word: `NACKED`,
   * `CLOSED`, `REFUSED` (the broker said no without a number), `LEFT_BEHIND` (see
   * `Connection.close`), or one of Node's kind such as `CERT_HAS_EXPIRED`.
   * Source: AMQP 0-9-1 specification, section 1.2.
   */
  readonly code: number | string;

  constructor(message: string, code: number | string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** One message is lost: the broker nacked it, or refused it (404: no such exchange). */
export class MessageError extends BrokerError {
  override name = 'MessageError';
}

/** One call failed and its channel is lost, such as a declaration that contradicts what exists. */
export class ChannelError extends BrokerError {
  override name = 'ChannelError';
}

/** The connection is lost: its opening was refused, or the broker closed it because of a call. */
export class ConnectionError extends BrokerError {
  override name = 'ConnectionError';
}
