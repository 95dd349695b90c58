/** A connection that outlives the broker's absences. It neither prints nor ends the program. */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import { reconnectDelay } from './backoff.ts';
import { Channel } from './channel.ts';
import type { BrokerAddress, Settings } from './config.ts';
import { orEndProgram } from './consumer.ts';
import { ConnectionError } from './errors.ts';
import { openConnection } from './open.ts';
import type { Link } from './recovery.ts';
import { address, refusal, replyCode } from './refusal.ts';

/** A connection that lasted this long, in milliseconds, was a good one: caution starts anew. */
const STABLE_MS = 5000;
/** How long a peer may take to say that the connection is closed, in milliseconds. */
const CLOSE_TIMEOUT_MS = 2000;

export interface ConnectionEvents {
  /** There is a connection, for the first time or again. */
  connect: [];
  /** It was lost, and is being made again. */
  lost: [error: unknown];
  /** An attempt has failed. `next` is the broker that is tried then, as "host:port". */
  absent: [error: unknown, next: string];
  /** The broker takes no messages for now, as in amqplib: a memory or disk alarm. */
  blocked: [reason: string];
  unblocked: [];
  /** {@link Connection.createChannel} has made one. */
  channel: [channel: Channel];
}

/**
 * One connection to the broker, or to one node after the other of a cluster. The channels made from
 * it come back with it. `connect()` makes one, and says on the console what happens to it.
 *
 * Source: "Connections" and "Connection Recovery" in the RabbitMQ documentation.
 */
export class Connection extends EventEmitter<ConnectionEvents> implements Link {
  readonly #brokers: Settings['brokers'];
  readonly #stopping = new AbortController();
  #channels: Channel[] = [];
  #model: ChannelModel | undefined;
  #next = Promise.withResolvers<ChannelModel>();
  /** How many connections were lost or not made: the next one goes to the next broker. */
  #turn = 0;
  #closed: Promise<void> | undefined;
  /** Whether what was in hand is finished, and nothing new is begun. */
  #isFinished = false;
  #lose: () => void = ignore;
  /** Whether it was ever open. Only before that a refusal is for good. */
  everOpen = false;
  /** Why the last connection was lost, where anyone said. */
  lostBy: unknown;

  /** Starts to connect; {@link opened} tells when it has. */
  constructor(brokers: Settings['brokers']) {
    super();
    this.#brokers = brokers;
    this.#next.promise.catch(ignore); // whoever asks for it hears of it
    void this.#stayOpen();
  }

  /**
   * Resolves when there is a connection. Waits as long as the broker isn't there.
   *
   * @throws {ConnectionError} when the broker refuses: credentials, vhost, certificate. Only the
   *   first connection is given up for that; one that has worked before is tried for ever.
   */
  async opened(): Promise<void> {
    await this.#next.promise;
  }

  /**
   * amqplib's, except that the channel has publisher confirms and outlives the broker's absences.
   * Waits as long as the broker isn't there, and throws what {@link opened} throws. A channel more
   * than the broker allows (2,047 by default) is an error, as in amqplib.
   */
  async createChannel(): Promise<Channel> {
    await this.opened();
    if (this.#isFinished) await this.opened(); // which fails, or never settles
    const channel = new Channel(this);
    this.#channels.push(channel);
    channel.once('close', () => {
      this.#channels = this.#channels.filter((other) => other !== channel);
    });
    this.emit('channel', channel);
    await channel.opened();
    return channel;
  }

  /** What is not settled yet, in words; empty when there is nothing. */
  get unsettled(): string {
    const sum = (what: 'inHand' | 'unconfirmed') =>
      this.#channels.reduce((total, channel) => total + channel[what], 0);
    const say = (n: number, what: string) => (n ? [`${n} message${n > 1 ? 's' : ''} ${what}`] : []);
    return [...say(sum('inHand'), 'in hand'), ...say(sum('unconfirmed'), 'not confirmed')].join(
      ', ',
    );
  }

  /** "host:port" of the broker in use, or of the one that is tried. */
  get where(): string {
    return address(this.#broker);
  }

  get isOpen(): boolean {
    return this.#model !== undefined;
  }

  get isClosing(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** The socket in use, for what is below AMQP, such as the certificate of a TLS connection. */
  get stream(): Socket | undefined {
    return this.#model && streamOf(this.#model);
  }

  /**
   * Stops taking work, settles what is in hand, waits for confirms, closes channels and connection.
   * While the broker is away nothing can be settled, and it doesn't wait. Later calls on it and its
   * channels fail with the code `CLOSED`; with `endsProgram` they never settle. A callback that
   * awaits it waits for itself, and so for ever.
   *
   * @throws {ConnectionError} `LEFT_BEHIND`: the broker has not confirmed all that was published
   */
  close({ endsProgram = false } = {}): Promise<void> {
    this.#closed ??= this.#close(endsProgram);
    return this.#closed;
  }

  async #close(endsProgram: boolean): Promise<void> {
    this.#stopping.abort();
    // All channels first: what one of them has in hand may be answered on another one, or on a new one.
    await Promise.all(this.#channels.map((channel) => channel.finish()));
    this.#isFinished = true;
    if (this.#model) this.#next = Promise.withResolvers(); // it holds the one that is being closed
    await Promise.all(this.#channels.map((channel) => channel.settle()));
    const { unsettled } = this;
    if (this.#model) await closeModel(this.#model);
    if (!endsProgram) this.#fail();
    if (unsettled) {
      throw new ConnectionError(`Closed ${this.where}; left behind: ${unsettled}.`, 'LEFT_BEHIND');
    }
  }

  /** Whoever still waits for something is told. */
  #fail(): void {
    for (const channel of this.#channels) channel.fail();
    this.#next.promise.catch(ignore); // nobody may be waiting
    this.#next.reject(new ConnectionError('This program has closed the connection.', 'CLOSED'));
  }

  /** For its channels: the connection in use; while there is none, the next one. */
  model(): Promise<ChannelModel> {
    return this.#next.promise;
  }

  /** For its channels. */
  isUsing(model: ChannelModel): boolean {
    return this.#model === model;
  }

  /** For its channels: gives up a connection that opens none. It may be closed since long. */
  discard(model: ChannelModel, error: unknown): void {
    if (this.#model !== model) return;
    this.lostBy ??= error;
    void closeModel(model);
    this.#lose();
  }

  // Each turn is one connection, or one attempt.
  async #stayOpen(): Promise<void> {
    let lostAt = Date.now();
    let drops = 0;
    while (!this.isClosing) {
      let caution = 0;
      let model: ChannelModel | undefined;
      try {
        model = await openConnection(this.#broker);
      } catch (error) {
        const refused = this.everOpen ? undefined : refusal(error, this.#broker);
        if (refused) {
          this.#next.reject(new ConnectionError(refused, replyCode(error) ?? 'REFUSED', error));
          return;
        }
        if (!this.isClosing) this.emit('absent', error, address(this.#brokerAt(this.#turn + 1)));
      }
      if (model) {
        const openedAt = Date.now();
        await this.#use(model);
        lostAt = Date.now();
        drops = lostAt - openedAt < STABLE_MS ? drops + 1 : 0;
        caution = drops;
      }
      this.#turn++;
      const delay = reconnectDelay(Date.now() - lostAt, caution, Math.random());
      await pause(delay, undefined, { signal: this.#stopping.signal }).catch(ignore);
    }
  }

  /** Uses a connection until it is lost. */
  async #use(model: ChannelModel): Promise<void> {
    if (this.isClosing) return closeModel(model); // it was being opened when the stop began
    const lost = new Promise<void>((resolve) => {
      this.#lose = () => {
        this.#model = undefined;
        if (!this.#isFinished) this.#next = Promise.withResolvers();
        this.#lose = ignore;
        resolve();
      };
    });
    this.lostBy = undefined;
    model.on('error', (error) => {
      this.lostBy = error;
    });
    model.on('close', (error) => {
      this.lostBy ??= error;
      if (this.#model === model) this.#lose();
    });
    model.on('blocked', (reason) => orEndProgram(() => this.emit('blocked', reason)));
    model.on('unblocked', () => orEndProgram(() => this.emit('unblocked')));
    this.#model = model;
    this.everOpen = true;
    this.emit('connect');
    this.#next.resolve(model);
    await lost;
    await immediate(); // whoever made the call that was refused is told first, and may end it all
    if (!this.isClosing) this.emit('lost', this.lostBy);
  }

  get #broker(): BrokerAddress {
    return this.#brokerAt(this.#turn);
  }

  #brokerAt(turn: number): BrokerAddress {
    return this.#brokers[turn % this.#brokers.length] ?? this.#brokers[0];
  }
}

// A peer that is frozen, or gone at this very moment, never says that the connection is closed.
async function closeModel(model: ChannelModel): Promise<void> {
  const gone = new Promise((resolve) => {
    model.once('close', resolve);
  });
  const late = pause(CLOSE_TIMEOUT_MS, undefined, { ref: false });
  await Promise.race([model.close().catch(ignore), gone, late]);
  streamOf(model)?.destroy();
}

function streamOf(model: ChannelModel): Socket | undefined {
  // amqplib keeps it there, but its types don't say so.
  return (model.connection as { stream?: Socket }).stream;
}

function ignore(): void {}
