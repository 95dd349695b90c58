/** A publisher as many programs have it: it asks for no confirms. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { type Channel, connect, type Options } from 'amqplib';
import type { BrokerAddress, Settings } from '../broker/client/config.ts';

/** How long to wait before the next attempt to connect, in milliseconds. */
const RETRY_MS = 250;

export class UnconfirmedPublisher {
  readonly #brokers: Settings['brokers'];
  #channel: Channel | undefined;
  #isClosing = false;

  constructor(brokers: Settings['brokers']) {
    this.#brokers = brokers;
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
    for (let turn = 0; !this.#isClosing; turn++) {
      const broker = this.#brokers[turn % this.#brokers.length] ?? this.#brokers[0];
      await this.#use(broker).catch(() => {}); // no broker: it asks the next one
      await pause(RETRY_MS);
    }
  }

  async #use({ hostname, port }: BrokerAddress): Promise<void> {
    const options = { noDelay: true, timeout: 5000 };
    const model = await connect({ hostname, port, heartbeat: 5 }, options);
    const closed = once(model, 'close');
    model.on('error', () => {}); // "close" follows
    const channel = await model.createChannel();
    channel.on('error', () => {});
    channel.on('close', () => {
      this.#channel = undefined;
      model.close().catch(() => {}); // for a new channel it takes a new connection
    });
    this.#channel = channel;
    await closed;
  }
}
