/** Messages on their way to the broker: each is sent until the broker has confirmed it. */
import { randomUUID } from 'node:crypto';
import type { Options } from 'amqplib';
import Queue from 'yocto-queue';
import { MessageError } from './errors.ts';
import type { OpenChannel } from './open-channel.ts';
import { isPublishRefusal } from './refusal.ts';

/**
 * How many messages may be sent and not confirmed yet. Further ones wait in memory for their turn:
 * whoever publishes without awaiting bounds nothing by it.
 */
const WINDOW = 1000;

interface Outgoing {
  exchange: string;
  routingKey: string;
  content: Buffer;
  options: Options.Publish;
  resolve: () => void;
  reject: (error: Error) => void;
}

export class Publisher {
  readonly #send: (channel: OpenChannel, message: Outgoing, settle: Settle) => void;
  readonly #refusalOf: (error: unknown) => MessageError;
  #waiting = new Queue<Outgoing>();
  /** Sent on the channel in use and not confirmed, in the order of sending. */
  readonly #sent = new Set<Outgoing>();
  #channel: OpenChannel | undefined;
  /**
   * How many of the next messages go one at a time. When the broker refuses a message it closes the
   * channel, and doesn't say which one it was. Sent again alone, the guilty one shows itself.
   */
  #suspects = 0;
  #ended = false;
  #failure: Error | undefined;
  #onSettled: (() => void)[] = [];

  constructor(rename: (queue: string) => string, refusalOf: (error: unknown) => MessageError) {
    this.#refusalOf = refusalOf;
    this.#send = (channel, { exchange, routingKey, content, options }, settle) => {
      const key = exchange === '' ? rename(routingKey) : routingKey;
      const { replyTo } = options;
      const renamed = replyTo ? { ...options, replyTo: rename(replyTo) } : options;
      channel.amqp.publish(exchange, key, content, renamed, settle);
    };
  }

  /** How many messages are given and not confirmed yet. */
  get unconfirmed(): number {
    return this.#sent.size + this.#waiting.size;
  }

  /** Resolves when the broker has confirmed the message; once this has {@link end}ed, never. */
  publish(exchange: string, routingKey: string, content: Buffer, given: Options.Publish) {
    return new Promise<void>((resolve, reject) => {
      if (this.#failure) reject(this.#failure);
      if (this.#ended) return;
      const options = { ...given, messageId: given.messageId ?? randomUUID() };
      this.#waiting.enqueue({ exchange, routingKey, content, options, resolve, reject });
      this.#pump();
    });
  }

  /** A channel can be used: what waits is sent on it. */
  attach(channel: OpenChannel): void {
    this.#channel = channel;
    this.#pump();
  }

  /** The channel is lost. What it had not confirmed waits for the next one, before all else. */
  detach(): void {
    const refused = isPublishRefusal(this.#channel?.error) ? this.#channel.error : undefined;
    this.#channel = undefined;
    const unconfirmed = [...this.#sent];
    this.#sent.clear();
    if (refused && unconfirmed.length === 1) {
      this.#suspects = Math.max(0, this.#suspects - 1);
      unconfirmed.pop()?.reject(this.#refusalOf(refused));
    } else if (refused) {
      this.#suspects = unconfirmed.length;
    }
    const later = this.#waiting;
    this.#waiting = new Queue();
    for (const message of unconfirmed) this.#waiting.enqueue(message);
    for (const message of later) this.#waiting.enqueue(message);
    this.#tellIfSettled();
  }

  /** From now on it takes no more messages. */
  end(): void {
    this.#ended = true;
  }

  /** Gives up all messages that are not confirmed, and those that are given from now on. */
  fail(error: Error): void {
    this.#ended = true;
    this.#failure = error;
    for (const { reject } of [...this.#sent, ...this.#waiting.drain()]) reject(error);
    this.#sent.clear();
  }

  /** Resolves when every message given so far is confirmed or refused. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSettled.push(resolve);
      this.#tellIfSettled();
    });
  }

  #pump(): void {
    const channel = this.#channel;
    while (channel?.isOpen && this.#sent.size < (this.#suspects > 0 ? 1 : WINDOW)) {
      const message = this.#waiting.peek();
      if (!message) return;
      try {
        this.#send(channel, message, (error) => this.#settle(channel, message, error));
        this.#sent.add(message);
      } catch (error) {
        if (channel.isLostBy(error)) return; // the next channel takes it
        message.reject(error as Error); // amqplib can't make a frame of it
      }
      this.#waiting.dequeue();
    }
  }

  #settle(channel: OpenChannel, message: Outgoing, error: unknown): void {
    // On the loss of a channel amqplib reports each message as failed; `detach` deals with those.
    if (!channel.isOpen || (error && !/nacked/.test(`${error}`))) return;
    this.#sent.delete(message);
    if (this.#suspects > 0) this.#suspects--;
    if (error) message.reject(new MessageError('The broker nacked the message.', 'NACKED', error));
    else message.resolve();
    this.#pump();
    this.#tellIfSettled();
  }

  #tellIfSettled(): void {
    if (this.unconfirmed > 0) return;
    for (const tell of this.#onSettled.splice(0)) tell();
  }
}

type Settle = (error: unknown) => void;
