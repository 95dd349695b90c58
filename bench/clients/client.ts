/** What each client must be able to do to be measured, and nothing that would cost it anything. */

/** The properties of a message. All clients send the same ones. */
export interface Properties {
  messageId: string;
  persistent: boolean;
}

/** One connection with one channel in confirm mode, and `noDelay` on its socket. */
export interface Client<Message = unknown> {
  /**
   * Publishes to a queue through the default exchange. `confirmed` is called at the broker's
   * confirm: by a client with callbacks itself, by one with promises in `then`.
   */
  publish(queue: string, content: Buffer, properties: Properties, confirmed: () => void): void;
  /** `args` are the consumer's, such as the offset that a stream wants. */
  consume(
    queue: string,
    prefetch: number,
    args: Record<string, unknown>,
    take: (message: Message) => void,
  ): Promise<unknown>;
  ack(message: Message): void;
  contentOf(message: Message): Uint8Array;
  close(): Promise<unknown>;
}

/** Each file beside this one exports it as `open`. */
export type Open = (host: string) => Promise<Client>;
