/** The real broker, and in it a vhost for one test alone. The only reader of the tests' settings. */
import { randomUUID } from 'node:crypto';
import { type ChannelModel, connect } from 'amqplib';
import { expect, vi } from 'vitest';
import { type BrokerAddress, readSettings } from '../broker/client/config.ts';

const { AMQP_HOST = 'localhost', AMQP_PORT = '5672', LAB_UI_PORT = '15672' } = process.env;

/** How long the broker may take to notice or to do something, in milliseconds. */
const DEADLINE_MS = 30_000;

/** A connection as the management UI lists it. */
export interface ListedConnection {
  name: string;
  user_provided_name: string;
  /** The heartbeat that both sides agreed on, in seconds. */
  timeout: number;
}

/** Calls the management API; a path that starts with "/api". */
export async function callApi(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`http://${AMQP_HOST}:${LAB_UI_PORT}${path}`, {
    method,
    headers: {
      authorization: `Basic ${btoa('guest:guest')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** A vhost, and a client in it that has nothing to do with the lab's own code. */
export class Vhost {
  readonly name: string;
  #client: Promise<ChannelModel> | undefined;

  private constructor(name: string) {
    this.name = name;
  }

  static async create(title: string): Promise<Vhost> {
    const vhost = new Vhost(`${title.slice(0, 60)} ${randomUUID().slice(0, 8)}`);
    await callApi('PUT', vhost.#path, {});
    return vhost;
  }

  /** The settings of a program that shall use this vhost. */
  get env() {
    return { AMQP_HOST, AMQP_PORT, AMQP_VHOST: this.name };
  }

  /** The same for a connection in this process. */
  get address(): BrokerAddress {
    return readSettings(this.env).brokers[0];
  }

  /** A plain amqplib connection, the way any other program in any language would join in. */
  client(): Promise<ChannelModel> {
    this.#client ??= connect({ ...this.address, vhost: encodeURIComponent(this.name) });
    return this.#client;
  }

  /** How many messages wait in a queue, and how many consumers it has, at this moment. */
  async queue(name: string): Promise<{ ready: number; consumers: number }> {
    await using channel = await this.#openChannel();
    const { messageCount, consumerCount } = await channel.checkQueue(name);
    return { ready: messageCount, consumers: consumerCount };
  }

  /** Resolves when a queue has these counts: the broker notices a lost client in its own time. */
  async waitForQueue(name: string, counts: { ready: number; consumers: number }): Promise<void> {
    const look = async () => expect(await this.queue(name)).toEqual(counts);
    await vi.waitFor(look, { timeout: DEADLINE_MS });
  }

  async declare(queue: string, durable = false): Promise<void> {
    await using channel = await this.#openChannel();
    await channel.assertQueue(queue, { durable });
  }

  async send(queue: string, ...texts: string[]): Promise<void> {
    await using channel = await this.#openChannel();
    for (const text of texts) channel.sendToQueue(queue, Buffer.from(text));
    await channel.waitForConfirms();
  }

  /** Takes all that waits in a queue at this moment. */
  async drain(queue: string): Promise<{ text: string; id: string }[]> {
    await using channel = await this.#openChannel();
    const { messageCount } = await channel.checkQueue(queue);
    const taken: { text: string; id: string }[] = [];
    if (messageCount === 0) return taken;
    const { promise: all, resolve } = Promise.withResolvers<void>();
    await channel.prefetch(messageCount);
    await channel.consume(queue, (message) => {
      if (!message) return;
      taken.push({ text: message.content.toString(), id: message.properties.messageId });
      if (taken.length < messageCount) return;
      channel.ackAll();
      resolve();
    });
    await all;
    return taken;
  }

  /** The names of its queues, as they are at this moment. */
  async queues(): Promise<string[]> {
    // Without statistics the answer is not up to five seconds old.
    const path = `${this.#path.replace('vhosts', 'queues')}?disable_stats=true&enable_queue_totals=true`;
    const queues = (await callApi('GET', path)) as { name: string }[];
    return queues.map(({ name }) => name);
  }

  /** How many messages each consumer may hold, by its queue's name. The list may be seconds old. */
  async prefetches(): Promise<Record<string, number>> {
    const path = this.#path.replace('vhosts', 'consumers');
    const all = (await callApi('GET', path)) as {
      queue: { name: string };
      prefetch_count: number;
    }[];
    return Object.fromEntries(all.map(({ queue, prefetch_count }) => [queue.name, prefetch_count]));
  }

  async deleteQueue(queue: string): Promise<void> {
    await using channel = await this.#openChannel();
    await channel.deleteQueue(queue);
  }

  /** The one connection in this vhost besides {@link client}, once the management UI lists it. */
  async connection(): Promise<ListedConnection> {
    const look = async () => {
      const all = (await callApi('GET', `${this.#path}/connections`)) as ListedConnection[];
      const named = all.filter((connection) => connection.user_provided_name);
      expect(named).toHaveLength(1);
      return named[0] as ListedConnection;
    };
    return vi.waitFor(look, { timeout: DEADLINE_MS });
  }

  /** Has the broker close that connection: 320 CONNECTION_FORCED. */
  async closeConnection(): Promise<void> {
    const { name } = await this.connection();
    await callApi('DELETE', `/api/connections/${encodeURIComponent(name)}`);
  }

  async remove(): Promise<void> {
    await (await this.#client)?.close().catch(() => {}); // the broker may have closed it
    await callApi('DELETE', this.#path);
  }

  async #openChannel() {
    const channel = await (await this.client()).createConfirmChannel();
    const close = () => channel.close().catch(() => {}); // an error has closed it already
    channel.on('error', () => {});
    return Object.assign(channel, { [Symbol.asyncDispose]: close });
  }

  get #path(): string {
    return `/api/vhosts/${encodeURIComponent(this.name)}`;
  }
}
