/** One channel from its opening to its loss, with the consumers and the messages it carries. */
import {
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  IllegalOperationError,
  type Options,
} from 'amqplib';

/**
 * amqplib's own confirm channel, with two differences. A consumer's callback never sees `null`: when
 * the broker cancels a consumer (its queue was deleted), the channel is made again instead. And it
 * is never called before `consume` has resolved, so that "Waiting" stands before "Received".
 * The callback may be async; an orderly stop waits for it. An error it throws ends the program.
 */
export type LabChannel = Omit<ConfirmChannel, 'consume'> & {
  consume(
    queue: string,
    onMessage: (message: ConsumeMessage) => void | Promise<void>,
    options?: Options.Consume,
  ): ReturnType<ConfirmChannel['consume']>;
};

/** What a program declares and consumes. Runs on each new channel, so again after each loss. */
export type Setup = (channel: LabChannel) => Promise<unknown>;

/** A channel in use. `lesson` is the same channel as lessons see it. */
export class OpenChannel {
  readonly lesson: LabChannel;
  /** Resolves when the channel is gone, whoever closed it. */
  readonly closed: Promise<void>;
  /** Why the channel was lost, where anyone said. */
  error: unknown;
  isOpen = true;
  readonly #amqp: ConfirmChannel;
  readonly #inHand = new Set<Promise<void>>();
  readonly #consumerTags = new Set<string>();

  private constructor(amqp: ConfirmChannel, onClose: (channel: OpenChannel) => void) {
    this.#amqp = amqp;
    amqp.on('error', (error) => {
      this.error ??= error;
    });
    this.closed = new Promise((resolve) => {
      amqp.on('close', () => {
        this.isOpen = false;
        onClose(this);
        resolve();
      });
    });
    const consume = amqp.consume.bind(amqp);
    this.lesson = Object.assign(amqp, {
      consume: async (...[queue, onMessage, options]: Parameters<LabChannel['consume']>) => {
        const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
        const take = (message: ConsumeMessage | null) =>
          message ? this.#take(begun.then(() => onMessage(message))) : this.#cancelled(queue);
        const ok = await consume(queue, take, options);
        this.#consumerTags.add(ok.consumerTag);
        setImmediate(begin); // what awaits `ok` goes on first
        return ok;
      },
    });
  }

  /** Opens a channel with publisher confirms. `onClose` is called at the very moment it is lost. */
  static async open(model: ChannelModel, onClose: (channel: OpenChannel) => void) {
    return new OpenChannel(await model.createConfirmChannel(), onClose);
  }

  /** Whether an error means no more than that this channel is lost, or is being closed. */
  isLostBy(error: unknown): boolean {
    return !this.isOpen || error instanceof IllegalOperationError;
  }

  /** How many messages a callback has taken and not finished. */
  get inHand(): number {
    return this.#inHand.size;
  }

  /** Sends one message; resolves when the broker confirms it, rejects when it can't any more. */
  sendAndConfirm(exchange: string, key: string, content: Buffer, options: Options.Publish) {
    return new Promise<void>((resolve, reject) => {
      const settle = (error: unknown) => (error ? reject(error) : resolve());
      this.#amqp.publish(exchange, key, content, options, settle);
    });
  }

  /** No more deliveries, and the callbacks that run have ended. */
  async stopConsuming(): Promise<void> {
    for (const tag of this.#consumerTags) await this.#amqp.cancel(tag);
    await Promise.all(this.#inHand);
  }

  /** Closes the channel once all that was published on it is confirmed. */
  async close(): Promise<void> {
    await this.#amqp.waitForConfirms();
    await this.#amqp.close();
  }

  #take(callback: Promise<void>): void {
    const work = callback.catch((error: unknown) => {
      if (!(error instanceof IllegalOperationError)) throw error;
      console.log(
        ' [!] The channel was lost before the ack: the broker delivers the message again.',
      );
    });
    this.#inHand.add(work);
    // An error of the callback stays unhandled here, and so ends the program with its stack.
    void work.finally(() => this.#inHand.delete(work));
  }

  #cancelled(queue: string): void {
    this.error = new Error(`the broker cancelled the consumer of '${queue}': was it deleted?`);
    void this.#amqp.close();
  }
}
