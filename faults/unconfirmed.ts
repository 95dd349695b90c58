/** A publisher as many programs have it: it asks for no confirms. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type Channel, connect, type Options } from 'amqplib';
import type { BrokerAddress } from '../broker/client/config.ts';

/** How long to wait before the next attempt to connect, in milliseconds. */
const RETRY_MS = 250;

export class UnconfirmedPublisher {
  readonly #broker: BrokerAddress;
  #channel: Channel | undefined;
  #isClosing = false;

  constructor(broker: BrokerAddress) {
    this.#broker = broker;
    void this.#stayOpen();
  }

  /** Whether the library has taken the message. While there is no connection it takes none. */
  publish(exchange: string, key: string, content: Buffer, options: Options.Publish): boolean {
    if (!this.#channel) return false;
    try {
      this.#channel.publish(exchange, key, content, options);
      return true;
    } catch {
      return false; // the channel is being closed
    }
  }

  /** What it has taken is written before the channel is closed. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#channel?.close().catch(() => {});
  }

  async #stayOpen(): Promise<void> {
    while (!this.#isClosing) {
      await this.#use().catch(() => {}); // no broker: it asks again
      await pause(RETRY_MS);
    }
  }

  async #use(): Promise<void> {
    const { hostname, port } = this.#broker;
    const options = { noDelay: true, timeout: 5000 };
    const model = await connect({ hostname, port, heartbeat: 5 }, options);
    const closed = once(model, 'close');
    model.on('error', () => {}); // "close" follows
    const channel = await model.createChannel();
    channel.on('error', () => {});
    channel.on('close', () => {
      this.#channel = undefined;
    });
    this.#channel = channel;
    await closed;
  }
}
