/** The consumers of a channel and their prefetch, from one channel of amqplib to the next. */
import type { ConfirmChannel, Replies } from 'amqplib';
import type { Consumer, SetPrefetch } from './consumer.ts';
import type { OpenChannel } from './open-channel.ts';
import { setOrigin } from './origin.ts';
import type { Recorded } from './recorded.ts';

const NO_LIMIT: SetPrefetch = (amqp) => amqp.prefetch(0);

export class Consuming {
  readonly #recorded: Recorded;
  readonly #onCancelled: (consumer: Consumer, channel: OpenChannel) => void;
  #consumers: Consumer[] = [];
  /** Counts for the consumers to come. */
  #prefetch = NO_LIMIT;
  /** Counts for all consumers together. */
  #prefetchOfAll: SetPrefetch | undefined;
  readonly #deleting = new Map<string, Promise<unknown>>();

  /** @param onCancelled called when the broker has ended a consumer and the program has not */
  constructor(recorded: Recorded, onCancelled: (consumer: Consumer, channel: OpenChannel) => void) {
    this.#recorded = recorded;
    this.#onCancelled = onCancelled;
  }

  /** Those to be made again, in the order in which they were first made. */
  get consumers(): readonly Consumer[] {
    return this.#consumers.filter((consumer) => !consumer.isForgotten);
  }

  /** How many messages callbacks have taken and not finished. */
  get inHand(): number {
    return this.#consumers.reduce((sum, consumer) => sum + consumer.inHand, 0);
  }

  add(consumer: Consumer): void {
    this.#consumers = this.#consumers.filter((other) => !other.isForgotten || other.inHand > 0);
    this.#consumers.push(consumer);
  }

  /** They don't come back. What they have in hand still counts. */
  forget(isMeant: (consumer: Consumer) => boolean): void {
    for (const consumer of this.#consumers) if (isMeant(consumer)) consumer.isForgotten = true;
  }

  /** For a consumer that is cancelled: an auto-delete queue goes with its last one. */
  forgetTag(consumerTag: string): void {
    const queues = this.consumers
      .filter(({ tag }) => tag === consumerTag)
      .map(({ queue }) => queue);
    this.forget(({ tag }) => tag === consumerTag);
    for (const queue of queues) {
      if (!this.consumers.some((other) => other.queue === queue)) {
        this.#recorded.removeAutoDelete(`queue ${queue}`);
      }
    }
  }

  /**
   * Sets a prefetch, and remembers it at once and not at the answer: a consumer that is made again in
   * between must not set back the one before. It counts for the consumers to come, or for all
   * together (amqplib's `global`).
   */
  async setPrefetch(set: SetPrefetch, ofAll: boolean | undefined, amqp: ConfirmChannel) {
    const before = [this.#prefetch, this.#prefetchOfAll] as const;
    if (ofAll) this.#prefetchOfAll = set;
    else this.#prefetch = set;
    try {
      return await set(amqp);
    } catch (error) {
      [this.#prefetch, this.#prefetchOfAll] = before;
      throw error;
    }
  }

  /** Deletes a queue. The broker cancels its consumers before the answer or after it. */
  withoutConsumersOf<T>(queue: string, deleteIt: () => Promise<T>): Promise<T> {
    const deleting = deleteIt().then((answer) => {
      this.forget((consumer) => consumer.queue === queue);
      return answer;
    });
    this.#deleting.set(queue, deleting);
    return deleting.finally(() => this.#deleting.delete(queue));
  }

  /** Resolves when a consumer has nothing in hand, with whether it is to consume again. */
  async isFree(consumer: Consumer): Promise<boolean> {
    await consumer.settled();
    await this.#deleting.get(consumer.queue)?.catch(() => {}); // whoever deletes it is told
    return !consumer.isForgotten;
  }

  /** Subscribes a new consumer; the prefetch that counts for it now is its own from then on. */
  subscribe(consumer: Consumer, channel: OpenChannel): Promise<Replies.Consume> {
    consumer.prefetch = this.#prefetch;
    return this.#subscribe(consumer, channel);
  }

  /** What a new channel needs before its consumers. */
  async restorePrefetch(amqp: ConfirmChannel): Promise<void> {
    await this.#prefetchOfAll?.(amqp);
    if (this.#prefetch !== NO_LIMIT) await this.#prefetch(amqp);
  }

  /** Subscribes again, with the prefetch of then; for consumers to come that of now still counts. */
  async resubscribe(consumer: Consumer, channel: OpenChannel): Promise<void> {
    const { prefetch } = consumer;
    const now = this.#prefetch;
    // All three at once: amqplib sends them in this order, and nothing else in between.
    await Promise.all([
      prefetch === now || prefetch?.(channel.amqp),
      this.#subscribe(consumer, channel),
      prefetch === now || now(channel.amqp),
    ]);
  }

  /** Takes no more messages, and resolves when what is in hand is finished. */
  async end(amqp: ConfirmChannel): Promise<void> {
    for (const { tag } of this.#consumers) await amqp.cancel(tag);
    await Promise.all(this.#consumers.map((consumer) => consumer.settled()));
  }

  async #subscribe(consumer: Consumer, channel: OpenChannel): Promise<Replies.Consume> {
    const { queue, options, tag } = consumer;
    consumer.hold();
    const subscribing = channel.amqp.consume(
      this.#recorded.nameOf(queue),
      (message) => {
        if (message) {
          setOrigin(message, channel);
          consumer.take(message);
        } else if (!this.#deleting.has(queue) && !consumer.isForgotten) {
          void subscribing.then(() => this.#onCancelled(consumer, channel));
        }
      },
      tag ? { ...options, consumerTag: tag } : options,
    );
    const ok = await subscribing;
    consumer.tag = ok.consumerTag;
    return ok;
  }
}
