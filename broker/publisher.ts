/** Messages on their way to the broker: each is sent until the broker has confirmed it. */
import { randomUUID } from 'node:crypto';
import type { Options } from 'amqplib';
import pLimit from 'p-limit';
import type { OpenChannel } from './channel.ts';
import { isPublishRefusal } from './refusal.ts';

/** Messages sent and not confirmed yet; further ones wait. amqplib would buffer them all. */
const MOST_UNCONFIRMED = 1000;

export class Publisher {
  readonly #channel: () => Promise<OpenChannel>;
  readonly #limit = pLimit(MOST_UNCONFIRMED);
  readonly #unconfirmed = new Set<Promise<void>>();
  #ended = false;

  /** `channel` gives the channel in use; while there is none, the next one. */
  constructor(channel: () => Promise<OpenChannel>) {
    this.#channel = channel;
  }

  /** How many messages are given and not confirmed yet. */
  get unconfirmed(): number {
    return this.#unconfirmed.size;
  }

  /** Resolves when the broker has confirmed the message; once it has {@link end}ed, never. */
  publish(exchange: string, key: string, content: Buffer, options: Options.Publish): Promise<void> {
    if (this.#ended) return new Promise(() => {});
    const named = { messageId: randomUUID(), ...options };
    const confirmed = this.#limit(() => this.#sendUntilConfirmed(exchange, key, content, named));
    const settled = confirmed.then(ignore, ignore).then(() => {
      this.#unconfirmed.delete(settled);
    });
    this.#unconfirmed.add(settled);
    return confirmed;
  }

  /** From now on it takes no more messages. */
  end(): void {
    this.#ended = true;
  }

  /** Resolves when every message given so far is confirmed or refused. */
  async settled(): Promise<void> {
    await Promise.all(this.#unconfirmed);
  }

  async #sendUntilConfirmed(...message: Parameters<OpenChannel['sendAndConfirm']>): Promise<void> {
    for (;;) {
      const channel = await this.#channel();
      try {
        return await channel.sendAndConfirm(...message);
      } catch (error) {
        if (!channel.isLostBy(error)) throw error;
        await channel.closed;
        // A lost channel says nothing about the message. What the broker refused stays refused.
        if (isPublishRefusal(channel.error)) throw channel.error;
      }
    }
  }
}

function ignore(): void {}
