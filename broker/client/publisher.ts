/** Messages on their way to the broker: each is sent until the broker has confirmed it. */
import { randomUUID } from 'node:crypto';
import type { Options } from 'amqplib';
import { MessageError } from './errors.ts';
import type { OpenChannel } from './open-channel.ts';
import { isPublishRefusal } from './refusal.ts';

/**
 * How many messages may be sent and not confirmed yet. Further ones wait in memory for their turn:
 * whoever publishes without awaiting bounds nothing by it.
 */
const WINDOW = 1000;

/** A message that is not confirmed yet, between those that were given before and after it. */
interface Outgoing {
  exchange: string;
  routingKey: string;
  content: Buffer;
  options: Options.Publish;
  resolve: () => void;
  reject: (error: Error) => void;
  before: Outgoing | undefined;
  after: Outgoing | undefined;
}

export class Publisher {
  readonly #nameOf: (queue: string) => string;
  readonly #refusalOf: (error: unknown) => MessageError;
  // All messages that are not confirmed, in their order: a list that needs no memory of its own.
  #first: Outgoing | undefined;
  #last: Outgoing | undefined;
  /** The first of them that is not sent yet on the channel in use. */
  #next: Outgoing | undefined;
  #sent = 0;
  #unconfirmed = 0;
  #channel: OpenChannel | undefined;
  /**
   * How many of the next messages go one at a time. When the broker refuses a message it closes the
   * channel, and doesn't say which one it was. Sent again alone, the guilty one shows itself.
   */
  #suspects = 0;
  #ended = false;
  #failure: Error | undefined;
  /** Those who have published since the end, and are to hear of the failure. */
  #tooLate: ((error: Error) => void)[] = [];
  #onSettled: (() => void)[] = [];

  /**
   * @param nameOf the name that a queue has now, given the one with which it was declared
   * @param refusalOf the error of a message, given the one with which its channel was closed
   */
  constructor(nameOf: (queue: string) => string, refusalOf: (error: unknown) => MessageError) {
    this.#nameOf = nameOf;
    this.#refusalOf = refusalOf;
  }

  /** How many messages are given and not confirmed yet. */
  get unconfirmed(): number {
    return this.#unconfirmed;
  }

  /** Resolves when the broker has confirmed the message; after {@link end} it never does. */
  publish(exchange: string, routingKey: string, content: Buffer, given: Options.Publish) {
    return new Promise<void>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      if (this.#ended) return void this.#tooLate.push(reject);
      const options = { ...given, messageId: given.messageId ?? randomUUID() };
      const before = this.#last;
      const links = { before, after: undefined };
      this.#add({ exchange, routingKey, content, options, resolve, reject, ...links });
      this.#pump();
    });
  }

  /** A channel can be used: what is not confirmed is sent on it, in its order. */
  attach(channel: OpenChannel): void {
    this.#channel = channel;
    this.#pump();
  }

  /** The channel is lost. What it had not confirmed waits for the next one, before all else. */
  detach(): void {
    const refused = isPublishRefusal(this.#channel?.error) ? this.#channel.error : undefined;
    const sent = this.#sent;
    this.#channel = undefined;
    this.#sent = 0;
    this.#next = this.#first;
    if (!refused) return;
    if (sent > 1) this.#suspects = sent;
    else if (this.#first) this.#settle(this.#first, this.#refusalOf(refused));
  }

  /** From now on it takes no more messages. */
  end(): void {
    this.#ended = true;
  }

  /** Gives up all messages that are not confirmed, and those that are given from now on. */
  fail(error: Error): void {
    this.#ended = true;
    this.#failure = error;
    while (this.#first) this.#settle(this.#first, error);
    for (const reject of this.#tooLate.splice(0)) reject(error);
  }

  /** Resolves when every message given so far is confirmed or refused. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#unconfirmed === 0) resolve();
      else this.#onSettled.push(resolve);
    });
  }

  #pump(): void {
    const channel = this.#channel;
    while (channel?.isOpen && this.#next && this.#sent < (this.#suspects > 0 ? 1 : WINDOW)) {
      const message = this.#next;
      try {
        this.#send(channel, message);
        this.#sent++;
        this.#next = message.after;
      } catch (error) {
        if (channel.isLostBy(error)) return; // the next channel takes it
        this.#settle(message, error as Error); // amqplib can't make a frame of it
      }
    }
  }

  #send(channel: OpenChannel, message: Outgoing): void {
    const { exchange, routingKey, content, options } = message;
    const { replyTo } = options;
    channel.amqp.publish(
      exchange,
      exchange === '' ? this.#nameOf(routingKey) : routingKey,
      content,
      replyTo ? { ...options, replyTo: this.#nameOf(replyTo) } : options,
      (error) => this.#hear(channel, message, error),
    );
  }

  #hear(channel: OpenChannel, message: Outgoing, error: Error | null): void {
    // On the loss of a channel amqplib reports each message as failed; `detach` deals with those.
    if (!channel.isOpen || (error && error.message !== 'message nacked')) return;
    this.#sent--;
    this.#settle(
      message,
      error ? new MessageError('The broker nacked the message.', 'NACKED', error) : undefined,
    );
    this.#pump();
  }

  #add(message: Outgoing): void {
    if (message.before) message.before.after = message;
    else this.#first = message;
    this.#last = message;
    this.#next ??= message;
    this.#unconfirmed++;
  }

  #settle(message: Outgoing, error: Error | undefined): void {
    const { before, after } = message;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    if (this.#next === message) this.#next = after;
    // Or an old message that is done with would keep young ones from the garbage collector.
    message.before = undefined;
    message.after = undefined;
    this.#unconfirmed--;
    if (this.#suspects > 0) this.#suspects--;
    if (error) message.reject(error);
    else message.resolve();
    if (this.#unconfirmed > 0) return;
    for (const tell of this.#onSettled.splice(0)) tell();
  }
}
