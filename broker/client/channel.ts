/** A channel that outlives the broker's absences. */
import { EventEmitter } from 'node:events';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import { Consumer, type OnMessage } from './consumer.ts';
import { ChannelError } from './errors.ts';
import { setOrigin } from './origin.ts';
import type { Recorded } from './recorded.ts';
import { type ChannelEvents, type Link, Recovery } from './recovery.ts';
import { replyCode } from './refusal.ts';

type Amqp = ConfirmChannel;
type Args<Name extends 'assertExchange' | 'bindQueue' | 'bindExchange'> = Parameters<Amqp[Name]>;

/**
 * amqplib's confirm channel. What has amqplib's name has its arguments and its meaning; what differs:
 *
 * - When the channel or its connection is lost, another one takes its place. Declarations, bindings,
 *   prefetch and consumers are made again on it, and so is a call that got no answer.
 * - {@link publish} resolves at the broker's confirm, and sends again what was not confirmed.
 * - {@link consume} never hands over `null`, and {@link ack} knows which channel its message is from.
 *
 * A refused call throws a ChannelError (404, 406, ...), or a ConnectionError where the broker closed
 * the whole connection because of it. Made by `connection.createChannel()`.
 *
 * Source: "Connection Recovery" in the RabbitMQ documentation; "Channel API" of amqplib.
 */
export class Channel extends EventEmitter<ChannelEvents> {
  readonly #recovery: Recovery;
  readonly #recorded: Recorded;
  #isOver = false;

  constructor(link: Link) {
    super();
    this.#recovery = new Recovery(link, this);
    this.#recorded = this.#recovery.recorded;
  }

  /** Resolves when the channel can be used. */
  async opened(): Promise<void> {
    await this.#recovery.opened();
  }

  /**
   * Resolves when the broker has confirmed the message; amqplib's doesn't wait for that. If the
   * channel is lost before, the message is sent again under the same `messageId` (made up if there
   * is none): it may reach the broker twice, but not never.
   *
   * At most 1,000 messages are on their way. Further ones wait in memory, so await what you publish,
   * one by one or the oldest of a window.
   *
   * @throws {MessageError} when the broker nacks or refuses this message
   * Source: "Consumer Acknowledgements and Publisher Confirms" in the RabbitMQ documentation.
   */
  publish(
    exchange: string,
    routingKey: string,
    content: Buffer,
    options: Options.Publish = {},
  ): Promise<void> {
    return this.#recovery.publisher.publish(exchange, routingKey, content, options);
  }

  /** {@link publish} to the default exchange, which takes the message to the queue of that name. */
  sendToQueue(queue: string, content: Buffer, options: Options.Publish = {}): Promise<void> {
    return this.publish('', queue, content, options);
  }

  /** A queue that the broker names ('') keeps that name for the program, also after a loss. */
  async assertQueue(queue: string, options?: Options.AssertQueue) {
    return this.#recovery.call(
      (amqp) => amqp.assertQueue(queue, options),
      (made, { amqp: { connection } }) => {
        let madeOn = connection;
        let isMissing = false;
        const check = async (amqp: Amqp) => {
          if (amqp.connection === madeOn) return;
          await amqp.checkQueue(this.#nameOf(made.queue)).catch((error) => {
            isMissing = replyCode(error) === 404; // it is made anew on the next channel
            throw error;
          });
        };
        const declare = async (amqp: Amqp, isGone: boolean) => {
          // It lives as long as its connection, or longer. A second one would fill up, and nobody
          // would know.
          const isKept = amqp.connection === madeOn || !options?.exclusive;
          const isThere = isKept && !options?.autoDelete && !isGone && !isMissing;
          if (queue === '' && isThere) return check(amqp);
          this.#recorded.rename(made.queue, (await amqp.assertQueue(queue, options)).queue);
          madeOn = amqp.connection;
          isMissing = false;
        };
        const key = `queue ${made.queue}`;
        this.#recorded.add(key, [key], declare, options?.autoDelete);
      },
    );
  }

  async assertExchange(...args: Args<'assertExchange'>) {
    const declare = (amqp: Amqp) => amqp.assertExchange(...args);
    return this.#recovery.call(declare, () =>
      this.#recorded.add(`exchange ${args[0]}`, [`exchange ${args[0]}`], declare),
    );
  }

  async bindQueue(...[queue, source, pattern, more]: Args<'bindQueue'>) {
    const bind = (amqp: Amqp) => amqp.bindQueue(this.#nameOf(queue), source, pattern, more);
    const key = bindingKey('queue', queue, source, pattern, more);
    return this.#recovery.call(bind, () =>
      this.#recorded.add(key, [`queue ${queue}`, `exchange ${source}`], bind),
    );
  }

  async unbindQueue(...[queue, source, pattern, more]: Args<'bindQueue'>) {
    return this.#recovery.call(
      (amqp) => amqp.unbindQueue(this.#nameOf(queue), source, pattern, more),
      () => this.#recorded.remove(bindingKey('queue', queue, source, pattern, more)),
    );
  }

  async bindExchange(...args: Args<'bindExchange'>) {
    const bind = (amqp: Amqp) => amqp.bindExchange(...args);
    const key = bindingKey('exchange', ...args);
    return this.#recovery.call(bind, () =>
      this.#recorded.add(key, [`exchange ${args[0]}`, `exchange ${args[1]}`], bind),
    );
  }

  async unbindExchange(...args: Args<'bindExchange'>) {
    return this.#recovery.call(
      (amqp) => amqp.unbindExchange(...args),
      () => this.#recorded.remove(bindingKey('exchange', ...args)),
    );
  }

  async checkQueue(queue: string) {
    return this.#recovery.call((amqp) => amqp.checkQueue(this.#nameOf(queue)));
  }

  async checkExchange(exchange: string) {
    return this.#recovery.call((amqp) => amqp.checkExchange(exchange));
  }

  async purgeQueue(queue: string) {
    return this.#recovery.call((amqp) => amqp.purgeQueue(this.#nameOf(queue)));
  }

  async deleteQueue(queue: string, options?: Options.DeleteQueue) {
    return this.#recovery.consuming.withoutConsumersOf(queue, () =>
      this.#recovery.call(
        (amqp) => amqp.deleteQueue(this.#nameOf(queue), options),
        () => this.#recorded.removeName(`queue ${queue}`),
      ),
    );
  }

  async deleteExchange(exchange: string, options?: Options.DeleteExchange) {
    return this.#recovery.call(
      (amqp) => amqp.deleteExchange(exchange, options),
      () => this.#recorded.removeName(`exchange ${exchange}`),
    );
  }

  /** Counts for the consumers that come after it, as in amqplib. */
  async prefetch(count: number, global?: boolean) {
    const set = (amqp: Amqp) => amqp.prefetch(count, global);
    return this.#recovery.call((amqp) => this.#recovery.consuming.setPrefetch(set, global, amqp));
  }

  /**
   * amqplib's `consume`, except that `onMessage` never gets `null` (a consumer that the broker
   * cancels is made again) and is not called before this has resolved. It may be async: an orderly
   * stop waits for it, and after a loss so does the new consumer, so that a program never has more
   * in hand than its prefetch. `options` are read each time that it subscribes.
   */
  async consume(queue: string, onMessage: OnMessage, options: Options.Consume = {}) {
    return this.#recovery.consume(new Consumer(queue, onMessage, options));
  }

  async cancel(consumerTag: string) {
    const forget = () => this.#recovery.consuming.forgetTag(consumerTag);
    forget(); // at once, or it might just come back
    // And once more: it may have been made by a call that was not answered yet.
    return this.#recovery.call((amqp) => amqp.cancel(consumerTag), forget);
  }

  /** Asks for one message: resolves with it, or with `false` if the queue is empty. */
  async get(queue: string, options?: Options.Get) {
    return this.#recovery.call(
      (amqp) => amqp.get(this.#nameOf(queue), options),
      (message, channel) => void (message && setOrigin(message, channel)),
    );
  }

  /** amqplib's `ack`. If the message's channel is lost, it tells the listeners of `late` instead. */
  ack(message: Message, allUpTo?: boolean): void {
    this.#recovery.answer(message, (amqp) => amqp.ack(message, allUpTo));
  }

  /** amqplib's `nack`, with the same exception as {@link ack}. */
  nack(message: Message, allUpTo?: boolean, requeue?: boolean): void {
    this.#recovery.answer(message, (amqp) => amqp.nack(message, allUpTo, requeue));
  }

  /** amqplib's `reject`, with the same exception as {@link ack}. */
  reject(message: Message, requeue?: boolean): void {
    this.#recovery.answer(message, (amqp) => amqp.reject(message, requeue));
  }

  /** How many messages callbacks have taken and not finished. */
  get inHand(): number {
    return this.#recovery.consuming.inHand;
  }

  /** How many messages were given to {@link publish} and are not confirmed yet. */
  get unconfirmed(): number {
    return this.#recovery.publisher.unconfirmed;
  }

  /**
   * Stops consuming, lets the callbacks end, waits for the confirms and closes the channel. While
   * the broker is away nothing can be settled, and it doesn't wait; nor when the broker has closed the
   * channel meanwhile, because of a message or a call that it refused. Calls that come later fail with
   * the code `CLOSED`. A callback that awaits it waits for itself, and so for ever.
   */
  async close(): Promise<void> {
    await this.settle();
    this.fail();
  }

  /** The beginning of {@link close}: stops consuming and lets the callbacks end. Calls are still made. */
  finish(): Promise<void> {
    return this.#recovery.finish();
  }

  /** The first half of {@link close}: calls that come later never settle. */
  settle(): Promise<void> {
    return this.#recovery.settle();
  }

  /** The second half of {@link close}: whoever still waits for something is told, and once. */
  fail(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#recovery.fail(new ChannelError('This program has closed the channel.', 'CLOSED'));
    this.emit('close');
  }

  #nameOf(queue: string): string {
    return this.#recorded.nameOf(queue);
  }
}

function bindingKey(to: 'queue' | 'exchange', ...args: Args<'bindQueue' | 'bindExchange'>): string {
  const [destination, source, pattern, more = {}] = args;
  return `binding ${JSON.stringify([to, destination, source, pattern, more])}`;
}
