/** One channel of amqplib from its opening to its loss. It is never repaired, only replaced. */
import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
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

/** What the closed channels of a connection have still to say, until it is said or the connection gone. */
interface Unsent {
  sending: Set<Promise<void>>;
  gone: Promise<void>;
}
const unsentOn = new WeakMap<object, Unsent>();

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
    const { sending } = unsentOf(amqp.connection);
    const buffer = bufferOf(amqp);
    amqp.on('return', onReturn);
    amqp.on('error', (error) => {
      this.error ??= error;
    });
    this.closed = new Promise((resolve) => {
      amqp.on('close', () => {
        this.isOpen = false;
        if (buffer && !buffer.readableEnded) track(buffer, sending);
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
    // When a channel is closed, amqplib frees its number and leaves what it has still to say in a
    // buffer. What a new channel of that number says may overtake it: to the broker that is an error
    // of the whole connection (504).
    const { sending, gone } = unsentOf(model.connection);
    if (sending.size > 0) await Promise.race([gone, Promise.all(sending)]);
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

/** Where amqplib keeps what a channel has still to say; nothing when the channel is lost already. */
function bufferOf(amqp: ConfirmChannel): Readable | undefined {
  const { ch, connection } = amqp as unknown as {
    ch: number;
    connection: { channels: ({ buffer: Readable } | null)[] };
  };
  return connection.channels[ch]?.buffer;
}

function track(buffer: Readable, sending: Set<Promise<void>>): void {
  const sent = new Promise<void>((resolve) => {
    buffer.once('end', () => {
      sending.delete(sent);
      resolve();
    });
  });
  sending.add(sent);
}

function unsentOf(connection: object): Unsent {
  const known = unsentOn.get(connection);
  if (known) return known;
  const gone = new Promise<void>((resolve) => {
    (connection as EventEmitter).once('close', resolve);
  });
  const unsent = { sending: new Set<Promise<void>>(), gone };
  unsentOn.set(connection, unsent);
  return unsent;
}
