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

/** By connection: what its closed channels have still to say, each with what ends the waiting for it. */
const unsentOn = new WeakMap<object, Map<Promise<void>, () => void>>();

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
    const unsent = unsentOf(amqp.connection);
    const buffer = bufferOf(amqp);
    amqp.on('return', onReturn);
    amqp.on('error', (error) => {
      this.error ??= error;
    });
    this.closed = new Promise((resolve) => {
      amqp.on('close', () => {
        this.isOpen = false;
        if (buffer && !buffer.readableEnded) track(buffer, unsent);
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
    const unsent = unsentOf(model.connection);
    while (unsent.size > 0) await Promise.all(unsent.keys());
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

function track(buffer: Readable, unsent: Map<Promise<void>, () => void>): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  unsent.set(promise, resolve);
  buffer.once('end', () => {
    unsent.delete(promise);
    resolve();
  });
}

function unsentOf(connection: object): Map<Promise<void>, () => void> {
  const known = unsentOn.get(connection);
  if (known) return known;
  const unsent = new Map<Promise<void>, () => void>();
  unsentOn.set(connection, unsent);
  // amqplib has closed all its channels by then: no further one comes.
  (connection as EventEmitter).once('close', () => {
    for (const resolve of unsent.values()) resolve();
    unsent.clear();
  });
  return unsent;
}
