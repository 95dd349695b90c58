/** One channel of amqplib from its opening to its loss. It is never repaired, only replaced. */
import {
  type ChannelModel,
  type ConfirmChannel,
  IllegalOperationError,
  type Message,
} from 'amqplib';

interface Listeners {
  onReturn: (message: Message) => void;
  /** Called at the very moment it is lost, whoever closed it. */
  onClose: (channel: OpenChannel) => void;
}

export class OpenChannel {
  readonly amqp: ConfirmChannel;
  /** Resolves when the channel is gone. */
  readonly closed: Promise<void>;
  /** Why the broker closed it, where it said so. */
  error: unknown;
  isOpen = true;
  /** What the calls that have no answer yet are told when the channel is lost. */
  readonly #waiting = new Set<(error: Error) => void>();

  private constructor(amqp: ConfirmChannel, { onReturn, onClose }: Listeners) {
    this.amqp = amqp;
    amqp.on('return', onReturn);
    amqp.on('error', (error) => {
      this.error ??= error;
    });
    this.closed = new Promise((resolve) => {
      amqp.on('close', () => {
        this.isOpen = false;
        onClose(this);
        resolve();
        // amqplib tells those that it knows of in this turn of the event loop.
        setImmediate(() => {
          for (const reject of this.#waiting)
            reject(new IllegalOperationError('Channel closed', ''));
        });
      });
    });
    for (const confirm of ['ack', 'nack']) amqp.on(confirm, () => forgetConfirmed(amqp));
  }

  /** Opens a channel with publisher confirms. */
  static async open(model: ChannelModel, listeners: Listeners): Promise<OpenChannel> {
    return new OpenChannel(await model.createConfirmChannel(), listeners);
  }

  /**
   * Settles as a call does, and fails when the channel is lost before. amqplib forgets a `get` whose
   * answer has come in part: nobody would be told.
   */
  orLost<T>(call: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const settle = () => this.#waiting.delete(reject);
      call.finally(settle).then(resolve, reject);
    });
  }

  /** Whether an error of amqplib means no more than that this channel is lost or being closed. */
  isLostBy(error: unknown): boolean {
    return !this.isOpen || error instanceof IllegalOperationError;
  }
}

// After a confirm of several messages amqplib 2.3.1 doesn't look whether the next one is confirmed
// already. From then on it would keep a place in memory for each message to come.
function forgetConfirmed(amqp: ConfirmChannel): void {
  const kept = amqp as unknown as { unconfirmed: unknown[]; lwm: number };
  while (kept.unconfirmed[0] === null) {
    kept.unconfirmed.shift();
    kept.lwm++;
  }
}
