/**
 * One channel of amqplib after the other, each with what was declared and consumed on those before.
 * It is the inside of a {@link Channel}.
 */
import type { EventEmitter } from 'node:events';
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import type { ChannelModel, ConfirmChannel, Message, Replies } from 'amqplib';
import { channelDelay } from './backoff.ts';
import { type Consumer, orEndProgram } from './consumer.ts';
import { Consuming } from './consuming.ts';
import { ChannelError, ConnectionError, MessageError } from './errors.ts';
import { OpenChannel } from './open-channel.ts';
import { originOf } from './origin.ts';
import { Publisher } from './publisher.ts';
import { Recorded } from './recorded.ts';
import { isCrash, isNoChannelLeft, isRefusalOfCall, isTold, refusalOf } from './refusal.ts';

/** What a channel needs to know of its connection. */
export interface Link {
  /** The connection in use; while there is none, the next one. */
  model(): Promise<ChannelModel>;
  /** Gives up a connection that opens no channel. */
  discard(model: ChannelModel, error: unknown): void;
  isUsing(model: ChannelModel): boolean;
  readonly isOpen: boolean;
  /** Why the last connection was lost, where anyone said. */
  readonly lostBy: unknown;
  readonly where: string;
}

export interface ChannelEvents {
  /** A mandatory message that no queue took comes back, as in amqplib. */
  return: [message: Message];
  /** This channel alone was lost, and no call has failed by it. A new one is being opened. */
  lost: [error: unknown];
  /** What was declared or consumed is refused when it is made again. It is tried further. */
  refused: [error: unknown];
  /** After a loss: the consumers are back. One that has a message in hand comes back after it. */
  consuming: [];
  /** The broker ended a consumer: its queue was deleted or has moved, or (4.3) an ack took too long. */
  cancelled: [queue: string];
  /** The program has closed it. */
  close: [];
  /** An ack, nack or reject came when the channel of its message was lost already. */
  late: [message: Message];
}

type Amqp = ConfirmChannel;

/** How often a call is made again over which the broker has crashed. */
const MOST_CRASHES = 3;

export class Recovery {
  readonly recorded = new Recorded();
  readonly publisher: Publisher;
  readonly consuming: Consuming;
  readonly #link: Link;
  readonly #events: EventEmitter<ChannelEvents>;
  #current: OpenChannel | undefined;
  #next = Promise.withResolvers<OpenChannel>();
  #wasOpen = false;
  #finished: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /** Starts to open a channel. `events` hears what happens to it. */
  constructor(link: Link, events: EventEmitter<ChannelEvents>) {
    this.#link = link;
    this.#events = events;
    this.publisher = new Publisher(
      (queue) => this.recorded.nameOf(queue),
      (error) => new MessageError(...refusalOf(error, link.where)),
    );
    this.consuming = new Consuming(this.recorded, (consumer, channel) => {
      void this.#consumeAgain(consumer, channel);
    });
    void this.#stayOpen();
  }

  async opened(): Promise<void> {
    await this.#next.promise;
  }

  /**
   * Makes a call; if its channel is lost before the answer, again on the next one, also where the
   * broker has crashed over it, if that isn't so each time. `keep` runs at once when the answer is
   * there: no loss can come in between.
   */
  async call<T>(
    run: (amqp: Amqp, channel: OpenChannel) => Promise<T>,
    keep: (answer: T, channel: OpenChannel) => void = ignore,
  ): Promise<T> {
    for (let crashes = 0; ; ) {
      const channel = await this.#next.promise;
      try {
        const answer = await channel.orLost(run(channel.amqp, channel));
        if (channel.isOpen) {
          keep(answer, channel);
          return answer;
        }
      } catch (error) {
        const { where } = this.#link;
        if (isRefusalOfCall(error)) throw new ChannelError(...refusalOf(error, where));
        if (!channel.isLostBy(error)) {
          // amqplib could not write it, and yet waits for the answer: this channel answers no more.
          channel.amqp.close().catch(ignore);
          throw error;
        }
      }
      await channel.closed;
      const { isOpen, lostBy, where } = this.#link;
      if (!isOpen && isCrash(lostBy) && ++crashes <= MOST_CRASHES) continue;
      if (!isOpen && isRefusalOfCall(lostBy)) {
        throw new ConnectionError(...refusalOf(lostBy, where));
      }
    }
  }

  /** Sends an ack or the like on the channel that a message came from. */
  answer(message: Message, send: (amqp: Amqp) => void): void {
    const channel = originOf(message) ?? this.#current;
    try {
      if (channel?.isOpen) {
        send(channel.amqp);
        return;
      }
    } catch (error) {
      if (!channel?.isLostBy(error)) throw error;
    }
    this.#events.emit('late', message);
  }

  async consume(consumer: Consumer): Promise<Replies.Consume> {
    const ok = await this.call(
      (_, channel) => this.consuming.subscribe(consumer, channel),
      () => this.consuming.add(consumer),
    );
    // What awaits `ok` goes on first. On a channel that is being closed no message is taken any more.
    setImmediate(() => {
      if (!this.#finished) consumer.begin();
    });
    return ok;
  }

  /** Takes no more messages, and resolves when what is in hand is finished, or the channel is lost. */
  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  settle(): Promise<void> {
    this.#closed ??= this.#settle();
    return this.#closed;
  }

  fail(error: Error): void {
    this.publisher.fail(error);
    this.#next.promise.catch(ignore); // nobody may be waiting
    this.#next.reject(error);
  }

  async #finish(): Promise<void> {
    const channel = this.#current;
    if (channel)
      await Promise.race([channel.closed, this.consuming.end(channel.amqp).catch(ignore)]);
  }

  async #settle(): Promise<void> {
    await this.finish();
    this.publisher.end(); // not before: what was in hand may have been answered with a message
    const channel = this.#current;
    if (!channel) return;
    await Promise.race([channel.closed, this.#closeInOrder(channel).catch(ignore)]);
    this.#lose(channel); // where somebody else has begun to close it, it is closed only later
  }

  async #closeInOrder({ amqp }: OpenChannel): Promise<void> {
    await this.publisher.settled();
    await amqp.close();
  }

  // Each turn is one channel of amqplib, on the connection in use or on the next one.
  async #stayOpen(): Promise<void> {
    let failures = 0;
    while (!this.#closed) {
      const channel = await this.#open();
      const isBack = channel && !this.#closed && (await this.#use(channel));
      if (this.#closed) channel?.amqp.close().catch(ignore); // it was being made when that began
      failures = isBack ? 0 : failures + 1;
      if (this.#link.isOpen) await pause(channelDelay(failures, Math.random()));
    }
  }

  async #open(): Promise<OpenChannel | undefined> {
    const model = await this.#link.model().catch(ignore);
    if (!model) return undefined; // the program has closed the connection
    const listeners = {
      onReturn: (message: Message) => orEndProgram(() => this.#events.emit('return', message)),
      onClose: (channel: OpenChannel) => this.#lose(channel),
    };
    try {
      const channel = await OpenChannel.open(model, listeners);
      // All may have been closed in the same breath, before anyone listened for that.
      return this.#link.isUsing(model) ? channel : undefined;
    } catch (error) {
      if (!isNoChannelLeft(error)) this.#link.discard(model, error);
      else if (!this.#wasOpen) this.#giveUp(error);
      // Else another channel has taken its number meanwhile: it tries again until one is free.
      return undefined;
    }
  }

  // The others go on: it is one too many, and the connection is as good as any.
  #giveUp(error: Error): void {
    this.#closed = Promise.resolve();
    this.fail(error);
    this.#events.emit('close');
  }

  /** Uses a channel until it is lost. Resolves with whether all had come back on it. */
  async #use(channel: OpenChannel): Promise<boolean> {
    const { amqp } = channel;
    // Before any call can be made on it: a consumer would go ahead of its prefetch.
    const prepare = async () => {
      await this.recorded.declareOn(amqp);
      await this.consuming.restorePrefetch(amqp);
    };
    if (!(await this.#restore(channel, prepare)) || this.#closed) return false;
    this.#wasOpen = true;
    this.#current = channel;
    this.#next.resolve(channel);
    const again = this.consuming.consumers;
    const isBack = await this.#restore(channel, () => this.#resume(again, channel));
    await channel.closed;
    if (this.#link.isOpen && !this.#closed && !isTold(channel.error)) {
      this.#events.emit('lost', channel.error);
    }
    return isBack;
  }

  #lose(channel: OpenChannel): void {
    if (this.#current !== channel) return;
    this.#current = undefined;
    this.#next = Promise.withResolvers();
    this.publisher.detach();
  }

  /** Resolves with whether it worked. If not, the channel is lost. */
  async #restore(channel: OpenChannel, work: () => Promise<unknown>): Promise<boolean> {
    try {
      // If a call was refused, that is known a moment later than that the channel is closed.
      await Promise.race([work(), channel.closed.then(() => immediate())]);
    } catch (error) {
      if (!channel.isLostBy(error) && !isRefusalOfCall(error)) throw error;
      if (isRefusalOfCall(error) && !this.#closed) this.#events.emit('refused', error);
      await channel.closed;
    }
    return channel.isOpen;
  }

  // The consumers, and then what is to be published: a request may name `amq.rabbitmq.reply-to`, and
  // is refused where nobody consumes from that. But what is in hand may be waiting for a confirm.
  async #resume(consumers: readonly Consumer[], channel: OpenChannel): Promise<void> {
    const free = consumers.filter((consumer) => consumer.inHand === 0);
    const busy = consumers.filter((consumer) => consumer.inHand > 0);
    await this.#resubscribe(free, channel);
    if (channel.isOpen) this.publisher.attach(channel);
    for (const consumer of busy) {
      void this.#restore(channel, () => this.#resubscribe([consumer], channel));
    }
  }

  // What is in hand is settled first: otherwise a worker with a prefetch of 1 would work on two.
  async #resubscribe(consumers: readonly Consumer[], channel: OpenChannel): Promise<void> {
    const back: Consumer[] = [];
    for (const consumer of consumers) {
      const isWanted = await this.consuming.isFree(consumer);
      if (!channel.isOpen || !isWanted || this.#finished) continue;
      await this.consuming.resubscribe(consumer, channel);
      back.push(consumer);
    }
    if (back.length === 0 || !channel.isOpen) return;
    this.#events.emit('consuming');
    for (const consumer of back) consumer.begin();
  }

  // The queue that is gone and its consumer, nothing else: other consumers have messages in hand.
  async #consumeAgain(consumer: Consumer, channel: OpenChannel): Promise<void> {
    this.#events.emit('cancelled', consumer.queue);
    await this.#restore(channel, async () => {
      // After a timeout RabbitMQ 4.3 keeps the consumer until the client cancels it, too
      // (seen on 4.3.6; rabbit_channel.erl, `basic.cancel_ok`). One that is gone is cancelled without harm.
      await channel.amqp.cancel(consumer.tag);
      await this.recorded.declareAgain(channel.amqp, `queue ${consumer.queue}`);
      await this.#resubscribe([consumer], channel);
    });
  }
}

function ignore(): void {}
