/**
 * What a program has declared on a channel, to be declared again on the next one. The RabbitMQ
 * documentation calls it topology recovery ("Consumers", "Connection Recovery").
 */
import type { ConfirmChannel } from 'amqplib';

/** `isGone`: it is known that it isn't there any more, so there is nothing to look for. */
type Declare = (amqp: ConfirmChannel, isGone: boolean) => Promise<unknown>;

interface Declaration {
  /** What it is about ("queue work"): when one of them is deleted, it is forgotten. */
  names: readonly string[];
  declare: Declare;
  /** A queue that the broker deletes with its last consumer. */
  isAutoDelete: boolean;
}

export class Recorded {
  // In the order in which they were first made: a Map keeps the place of a key that is set again.
  readonly #declarations = new Map<string, Declaration>();
  /** A queue's name as the program got it, and as it is now: the broker makes up some anew. */
  readonly #names = new Map<string, string>();
  /** What is being declared again, by the name that is gone. */
  readonly #again = new Map<string, Promise<void>>();

  /** The name that a queue has now, given the one with which it was declared. */
  nameOf(queue: string): string {
    return this.#names.get(queue) ?? queue;
  }

  rename(queue: string, now: string): void {
    this.#names.set(queue, now);
  }

  /** Remembers a declaration. The same `key` again takes the place of the one before. */
  add(key: string, names: readonly string[], declare: Declare, isAutoDelete = false): void {
    this.#declarations.set(key, { names, declare, isAutoDelete });
  }

  /** Forgets one declaration, such as a binding. */
  remove(key: string): void {
    this.#declarations.delete(key);
  }

  /** Forgets all that is about a queue or an exchange. */
  removeName(name: string): void {
    for (const [key, { names }] of this.#declarations) {
      if (names.includes(name)) this.#declarations.delete(key);
    }
  }

  /** Forgets a queue that has lost its last consumer, if it is one that goes with it. */
  removeAutoDelete(name: string): void {
    if (this.#declarations.get(name)?.isAutoDelete) this.removeName(name);
  }

  /** Declares again what is about a name that is gone: once, though several consumers miss it. */
  declareAgain(amqp: ConfirmChannel, gone: string): Promise<void> {
    const declaring =
      this.#again.get(gone) ??
      this.declareOn(amqp, gone).finally(() => void this.#again.delete(gone));
    this.#again.set(gone, declaring);
    return declaring;
  }

  /** Declares all of it; with a name, only what is about that one, since it is gone. */
  async declareOn(amqp: ConfirmChannel, gone?: string): Promise<void> {
    for (const { names, declare } of [...this.#declarations.values()]) {
      if (gone === undefined || names.includes(gone)) await declare(amqp, gone !== undefined);
    }
  }
}
