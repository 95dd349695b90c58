/** Which channel of amqplib a message came from. */
import type { Message } from 'amqplib';
import type { OpenChannel } from './open-channel.ts';

/** As a constructor it makes nothing new: a subclass adds its private field to `given`. */
function useGiven(given: object): object {
  return given;
}
const Given = useGiven as unknown as new (given: object) => object;

/**
 * A private field in the message itself: nobody else sees it, and it costs next to nothing. A WeakMap
 * would do the same for a fifth more CPU time a message.
 */
class Origin extends Given {
  readonly #channel: OpenChannel;

  constructor(message: Message, channel: OpenChannel) {
    super(message);
    this.#channel = channel;
  }

  static of(message: object): OpenChannel | undefined {
    return #channel in message ? message.#channel : undefined;
  }
}

/** Remembers the channel that a message came from. */
export function setOrigin(message: Message, channel: OpenChannel): void {
  new Origin(message, channel);
}

/** The channel that a message came from, if it was remembered. */
export function originOf(message: Message): OpenChannel | undefined {
  return Origin.of(message);
}
