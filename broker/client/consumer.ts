/** One consumer, from one channel to the next: its callback, and the messages that it has in hand. */
import type { ConfirmChannel, ConsumeMessage, Options, Replies } from 'amqplib';

/** May be async: then the message is in hand until it has ended. An error ends the program. */
export type OnMessage = (message: ConsumeMessage) => void | Promise<void>;

export type SetPrefetch = (amqp: ConfirmChannel) => Promise<Replies.Empty>;

export class Consumer {
  readonly queue: string;
  readonly options: Options.Consume;
  /** The consumer's name on its channel; the broker makes one up if the program gives none. */
  tag = '';
  /** What its channel was set to when it first consumed. */
  prefetch: SetPrefetch | undefined;
  /** The program has cancelled it, or has deleted its queue: it does not come back. */
  isForgotten = false;
  readonly #onMessage: OnMessage;
  readonly #inHand = new Set<Promise<void>>();
  /** Messages that came before it was said that they may: "Waiting" stands before "Received". */
  #early: ConsumeMessage[] | undefined;

  constructor(queue: string, onMessage: OnMessage, options: Options.Consume) {
    this.queue = queue;
    this.#onMessage = onMessage;
    this.options = options;
  }

  /** How many messages its callback has taken and not finished. */
  get inHand(): number {
    return this.#inHand.size;
  }

  /** Resolves when the callbacks that run now have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#inHand);
  }

  /**
   * Messages wait from now on, and those that wait already are forgotten: they will come again. Not
   * those of a consumer without acks: the broker has forgotten them.
   */
  hold(): void {
    this.#early = this.options.noAck ? (this.#early ?? []) : [];
  }

  /** From now on messages are handed over as they come, and first those that came early. */
  begin(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.take(message);
  }

  take(message: ConsumeMessage): void {
    if (this.#early) {
      this.#early.push(message);
      return;
    }
    orEndProgram(() => {
      const work = this.#onMessage(message);
      if (work) this.#keepInHand(work);
    });
  }

  #keepInHand(work: Promise<void>): void {
    const held = work.catch(endProgram).then(() => {
      this.#inHand.delete(held);
    });
    this.#inHand.add(held);
  }
}

/** Calls what the program gave. An error of it ends the program: amqplib takes it for a loss. */
export function orEndProgram(call: () => void): void {
  try {
    call();
  } catch (error) {
    endProgram(error);
  }
}

/** Throws where nobody catches: not in amqplib, which would only close the channel. */
function endProgram(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
