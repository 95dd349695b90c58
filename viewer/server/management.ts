/** What the broker's management API and its metrics tell, in the words of the model. */
import type { Depth, Flow, Graph, TotalName, Totals } from '../model/events.ts';
import type { Settings } from './settings.ts';
import { binding, consumer, exchange, type Json, NAMES, queue, totalsIn } from './translate.ts';

const TIMEOUT_MS = 3000;

export class Management {
  readonly #settings: Settings;
  #nodes: string[] = [];
  #isCluster = false;
  #turn = 0;
  version = '';

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get nodes(): readonly string[] {
    return this.#nodes;
  }

  /** Which nodes there are. With one, its address is the one we were given. */
  async lookAround(): Promise<void> {
    const nodes: Json[] = await this.#get('nodes?columns=name,running');
    // Also while one of them alone runs.
    this.#isCluster = nodes.length > 1;
    this.#nodes = nodes.filter(({ running }) => running !== false).map(({ name }) => name);
    const overview: Json = await this.#get('overview?columns=rabbitmq_version');
    this.version = overview.rabbitmq_version;
  }

  async graph(): Promise<Graph> {
    const vhost = encodeURIComponent(this.#settings.vhost);
    const [exchanges, queues, bindings, consumers, connections, channels] = await Promise.all([
      this.#get(`exchanges/${vhost}?columns=name,type,arguments,policy`),
      this.#get(`queues/${vhost}?columns=${QUEUE_COLUMNS}`),
      this.#get(`bindings/${vhost}`),
      this.#get(`consumers/${vhost}`),
      this.#get(`vhosts/${vhost}/connections?columns=name,user_provided_name,node,user,protocol`),
      this.#get(`vhosts/${vhost}/channels?columns=connection_details.name,message_stats.publish`),
    ]);
    // Who listens to the firehose, this viewer or another one, is no part of the lesson.
    const lesson = queues.filter((one: Json) => !one.arguments?.[OWN]).map(queue);
    const names = new Set(lesson.map(({ name }: { name: string }) => name));
    const publishing = new Set(
      channels
        .filter((channel: Json) => channel.message_stats?.publish > 0)
        .map((channel: Json) => channel.connection_details?.name),
    );
    return {
      exchanges: exchanges.map(exchange),
      queues: lesson,
      // The lists aren't of one moment: what belongs to a queue that isn't there yet comes with it.
      bindings: bindings
        .filter((one: Json) => one.destination_type !== 'queue' || names.has(one.destination))
        .map(binding),
      // The channel of one that comes or goes at this moment isn't known.
      consumers: consumers
        .filter((one: Json) => names.has(one.queue.name) && one.channel_details?.connection_name)
        .map(consumer),
      ...(this.#isCluster ? { nodes: this.#nodes } : {}),
      connections: connections.map((one: Json) => ({
        name: one.name,
        program: one.user_provided_name ?? '',
        node: one.node,
        publishes: publishing.has(one.name),
        ...(one.protocol && one.protocol !== 'AMQP 0-9-1' ? { protocol: one.protocol } : {}),
        // Drawn once it publishes.
        ...(one.user === this.#settings.user
          ? { program: 'the page', publishes: false, viewer: true }
          : {}),
      })),
    };
  }

  /** The depths, and that of the viewer's own queue: how far it is behind. */
  async depths(own: string): Promise<{ depths: Record<string, Depth>; behind: number }> {
    const vhost = encodeURIComponent(this.#settings.vhost);
    const path = `queues/${vhost}?disable_stats=true&enable_queue_totals=true`;
    const queues: Json[] = await this.#get(path);
    // What one holds whose node is down isn't known.
    const known = queues.filter(({ state }) => state !== 'down');
    const entries = known.map((one): [string, Depth] => [
      one.name,
      {
        ready: one.messages_ready ?? 0,
        unacked: one.messages_unacknowledged ?? 0,
        // Other kinds of queues report every five seconds.
        live: one.type === 'classic',
      },
    ]);
    const { [own]: mine, ...depths } = Object.fromEntries(entries);
    return { depths, behind: mine?.ready ?? 0 };
  }

  /** The broker's averages, which it makes every five seconds. */
  async rates(): Promise<Record<string, Flow>> {
    const vhost = encodeURIComponent(this.#settings.vhost);
    const queues: Json[] = await this.#get(`queues/${vhost}?columns=name,${RATE_COLUMNS}`);
    return Object.fromEntries(
      queues.map(({ name, message_stats: stats = {} }) => [
        name,
        { in: stats.publish_details?.rate ?? 0, out: stats.deliver_get_details?.rate ?? 0 },
      ]),
    );
  }

  /** The counters of all nodes together. */
  async totals(): Promise<Totals> {
    const texts = await Promise.all(this.#hosts().map((host) => this.#metrics(host)));
    const all = texts.map(totalsIn);
    const sum = (name: TotalName) => all.reduce((n, totals) => n + totals[name], 0);
    return Object.fromEntries(NAMES.map((name) => [name, sum(name)])) as Totals;
  }

  /** Tracing is a setting of each node, and gone when it restarts. */
  async trace(on: boolean): Promise<void> {
    const path = `vhosts/${encodeURIComponent(this.#settings.vhost)}`;
    await Promise.all(
      this.#hosts().map(async (host) => {
        const { tracing } = await this.#get(`${path}?columns=tracing`, host);
        if (tracing !== on) await this.#send('PUT', path, { tracing: on }, host);
      }),
    );
  }

  /** Whether another one listens to the firehose, and needs the tracing too. */
  async isHeard(): Promise<boolean> {
    const vhost = encodeURIComponent(this.#settings.vhost);
    return (await this.#get(`exchanges/${vhost}/${TRACE}/bindings/source`)).length > 0;
  }

  async purge(queue: string): Promise<void> {
    const vhost = encodeURIComponent(this.#settings.vhost);
    await this.#send('DELETE', `queues/${vhost}/${encodeURIComponent(queue)}/contents`);
  }

  /** Its program is told why. */
  async close(connection: string): Promise<void> {
    const headers = { 'x-reason': 'closed from the viewer' };
    await this.#send(
      'DELETE',
      `connections/${encodeURIComponent(connection)}`,
      undefined,
      '',
      headers,
    );
  }

  /** Where a broker may be found: the given address, and each node of a cluster. */
  get hosts(): string[] {
    const others = this.#isCluster ? this.#hosts() : [];
    return [...new Set([...this.#settings.hosts, ...others])];
  }

  /** Each node once. With one node its address is the one that was given. */
  #hosts(): string[] {
    if (!this.#isCluster) return [this.#host];
    return this.#nodes.map((node) => node.replace(/^.*@/, ''));
  }

  get #host(): string {
    return this.hosts[this.#turn % this.hosts.length] ?? '';
  }

  async #get(path: string, host = this.#host): Promise<Json> {
    return (await this.#send('GET', path, undefined, host)).json();
  }

  async #send(
    method: string,
    path: string,
    body?: unknown,
    host = this.#host,
    more: Record<string, string> = {},
  ): Promise<Response> {
    const { user, password, managementPort } = this.#settings;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json', ...more };
    const asked = host || this.#host;
    let response: Response;
    try {
      response = await ask(asked, `:${managementPort}/api/${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      this.#turn += 1; // the next node, if there is one
      throw error;
    }
    if (response.ok) return response;
    const said = (await response.json().catch(() => ({}))) as Json;
    const why = said.reason ?? said.error ?? response.statusText;
    throw new Refusal(response.status, `The broker refused ${method} /api/${path}: ${why}`);
  }

  async #metrics(host: string): Promise<string> {
    const response = await ask(host, `:${this.#settings.metricsPort}/metrics`);
    return response.text();
  }
}

async function ask(host: string, rest: string, how: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(`http://${host}${rest}`, {
      ...how,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new NoAnswer(host, error as Error);
  }
}

/** Of a cluster, one node may not answer while the others do. */
export class NoAnswer extends Error {
  readonly host: string;
  constructor(host: string, error: Error) {
    super((error.cause as Error | undefined)?.message ?? error.message, { cause: error });
    this.host = host;
  }
}

/** The broker answered, and said no. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const TRACE = 'amq.rabbitmq.trace';
/** An argument of a viewer's own queue, by which each viewer knows it from its first moment on. */
export const OWN = 'x-viewer';
const QUEUE_COLUMNS =
  'name,type,exclusive,durable,arguments,effective_policy_definition,node,leader';
const RATE_COLUMNS = 'message_stats.publish_details.rate,message_stats.deliver_get_details.rate';
