/**
 * How a lesson reaches the broker: one connection with one channel, both made again whenever they
 * are lost, and closed in order when the program is told to stop.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChannelModel, Options } from 'amqplib';
import { reconnectDelay } from './backoff.ts';
import { type LabChannel, OpenChannel, type Setup } from './channel.ts';
import { type BrokerAddress, loadSettings, type Settings } from './config.ts';
import { openConnection } from './open.ts';
import { Publisher } from './publisher.ts';
import { address, reason, refusal, replyCode } from './refusal.ts';
import { stopOnSignals } from './stop.ts';

/** A channel that lasted this long, in milliseconds, was a good one: caution starts anew. */
const STABLE_MS = 5000;

/**
 * Opens the connection and runs `setup` on a channel. Waits as long as the broker isn't there.
 *
 * A refusal at the start (credentials, vhost, a declaration that contradicts what exists) ends the
 * program: one line, status 1. Once it has worked, the connection is restored for ever.
 * SIGTERM and SIGINT stop the program in order, status 0; a second signal, or `STOP_TIMEOUT_MS`,
 * ends it at once, status 1.
 */
export async function connect(setup: Setup): Promise<BrokerConnection> {
  const { brokers, stopTimeoutMs } = loadSettings();
  const connection = new BrokerConnection(brokers, setup);
  stopOnSignals(connection, stopTimeoutMs);
  await connection.channel();
  return connection;
}

/** A connection that outlives the broker's absences. Made by {@link connect}. */
export class BrokerConnection {
  readonly #brokers: Settings['brokers'];
  readonly #setup: Setup;
  readonly #stopping = new AbortController();
  readonly #publisher = new Publisher(() => this.#next.promise);
  readonly #said = new Set<string>();
  #model: ChannelModel | undefined;
  /** How many connections were lost or not made: the next one goes to the next broker. */
  #turn = 0;
  #current: OpenChannel | undefined;
  #next = Promise.withResolvers<OpenChannel>();
  #everOpen = false;
  #closed: Promise<void> | undefined;
  #lossOfModel: unknown;

  constructor(brokers: Settings['brokers'], setup: Setup) {
    this.#brokers = brokers;
    this.#setup = setup;
    void this.#stayOpen();
  }

  /** The channel in use; while there is none, the next one. */
  async channel(): Promise<LabChannel> {
    return (await this.#next.promise).lesson;
  }

  /**
   * amqplib's `publish`, except that it resolves when the broker has confirmed the message. If the
   * channel is lost before that, the message is sent again under the same `messageId`: it may
   * arrive twice, but not never. Once all is settled for a stop, it sends nothing more and doesn't
   * resolve.
   *
   * @throws the channel's error (404: no such exchange), or an error when the broker nacks
   * Source: "Consumer Acknowledgements and Publisher Confirms" in the RabbitMQ documentation.
   */
  publish(
    exchange: string,
    routingKey: string,
    content: Buffer,
    options: Options.Publish = {},
  ): Promise<void> {
    return this.#publisher.publish(exchange, routingKey, content, options);
  }

  /** What is not settled yet, in words; empty when there is nothing. */
  get unsettled(): string {
    const count = (n: number, what: string) =>
      n ? [`${n} message${n > 1 ? 's' : ''} ${what}`] : [];
    const inHand = count(this.#current?.inHand ?? 0, 'in hand');
    return [...inHand, ...count(this.#publisher.unconfirmed, 'not confirmed')].join(', ');
  }

  /**
   * Stops taking work, settles what is in hand, waits for confirms, closes channel and connection.
   * While there is no channel nothing can be settled, and it doesn't wait.
   *
   * @throws when messages are left behind that the broker hasn't confirmed
   */
  close(): Promise<void> {
    this.#closed ??= this.#closeInOrder();
    return this.#closed;
  }

  async #closeInOrder(): Promise<void> {
    this.#stopping.abort();
    const channel = this.#current;
    if (channel) await Promise.race([channel.closed, this.#settle(channel).catch(ignore)]);
    this.#publisher.end();
    await this.#model?.close().catch(ignore);
    if (this.unsettled) throw new Error(`Closed ${this.#where}; left behind: ${this.unsettled}.`);
  }

  async #settle(channel: OpenChannel): Promise<void> {
    await channel.stopConsuming();
    this.#publisher.end(); // not before: what was in hand may have been answered with a message
    await this.#publisher.settled();
    // The channel before the connection, which would overtake what is still to be written.
    await channel.close();
  }

  // Each turn is one channel, on the connection at hand or on a new one.
  async #stayOpen(): Promise<void> {
    let lostAt = Date.now();
    let drops = 0;
    while (!this.#stopping.signal.aborted) {
      const lasted = await this.#useOneChannel();
      if (!this.#model) this.#turn += 1;
      if (lasted !== undefined) {
        lostAt = Date.now();
        drops = lasted < STABLE_MS ? drops + 1 : 0;
      }
      const delay = reconnectDelay(Date.now() - lostAt, drops, Math.random());
      await pause(delay, undefined, { signal: this.#stopping.signal }).catch(ignore);
    }
    await this.#model?.close().catch(ignore); // one that was being opened when the stop began
  }

  // Returns how long the channel was in use, in milliseconds; undefined if no broker was there.
  async #useOneChannel(): Promise<number | undefined> {
    let channel: OpenChannel | undefined;
    let isThere = false;
    try {
      this.#model ??= await this.#openModel();
      if (this.#stopping.signal.aborted) return undefined;
      isThere = true;
      channel = await this.#openChannel(this.#model);
      await this.#setup(channel.lesson);
    } catch (error) {
      if (channel && !channel.isLostBy(error)) throw error; // of `setup` itself: the program ends
      await channel?.closed;
      const cause = channel?.error ?? this.#lossOfModel ?? error;
      this.#reportAbsence(cause);
      return isThere || replyCode(cause) ? 0 : undefined;
    }
    const openedAt = Date.now();
    if (channel.isOpen) this.#use(channel);
    await channel.closed;
    if (!this.#stopping.signal.aborted) this.#reportLoss(channel.error);
    return Date.now() - openedAt;
  }

  async #openChannel(model: ChannelModel): Promise<OpenChannel> {
    try {
      const channel = await OpenChannel.open(model, () => this.#lose());
      // The broker may have closed it all before anyone could listen for that.
      if (this.#model === model) return channel;
      throw this.#lossOfModel;
    } catch (error) {
      this.#model = undefined; // a connection that gives no channel is of no use
      await model.close().catch(ignore);
      throw error;
    }
  }

  async #openModel(): Promise<ChannelModel> {
    this.#lossOfModel = undefined;
    const model = await openConnection(this.#broker);
    if (this.#said.size > 0) this.#sayOnce(`Connected to ${this.#where}.`);
    model.on('error', (error) => {
      this.#lossOfModel = error;
    });
    model.on('close', (error) => {
      this.#lossOfModel ??= error;
      this.#model = undefined;
    });
    model.on('blocked', (why) => say(`${this.#where} takes no messages for now: ${why}.`));
    model.on('unblocked', () => say(`${this.#where} takes messages again.`));
    return model;
  }

  #use(channel: OpenChannel): void {
    this.#said.clear();
    this.#everOpen = true;
    this.#current = channel;
    this.#next.resolve(channel);
  }

  #lose(): void {
    if (!this.#current) return;
    this.#current = undefined;
    this.#next = Promise.withResolvers();
  }

  #reportAbsence(error: unknown): void {
    const refused = this.#everOpen ? undefined : refusal(error, this.#broker);
    if (refused) {
      console.error(` [!] ${refused}`);
      process.exit(1);
    }
    if (this.#stopping.signal.aborted) return;
    const yet = this.#everOpen ? '' : ' yet';
    const next = this.#brokerAt(this.#turn + 1);
    const attempt = next === this.#broker ? 'again until it is' : address(next);
    this.#sayOnce(`${this.#where} is not there${yet} (${reason(error)}). Trying ${attempt}.`);
  }

  #reportLoss(error: unknown): void {
    const why = error ? reason(error) : 'by the program';
    if (this.#model) say(`The channel was closed (${why}). Opening a new one.`);
    else this.#sayOnce(`Lost ${this.#where} (${reason(this.#lossOfModel)}). Connecting again.`);
  }

  // One line for each change until the channel is in use again, not one for each attempt.
  #sayOnce(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    say(text);
  }

  get #broker(): BrokerAddress {
    return this.#brokerAt(this.#turn);
  }

  #brokerAt(turn: number): BrokerAddress {
    return this.#brokers[turn % this.#brokers.length] ?? this.#brokers[0];
  }

  get #where(): string {
    return address(this.#broker);
  }
}

function say(text: string): void {
  console.log(` [!] ${text}`);
}

function ignore(): void {}
