/** Tells the reducer a story: events as the server would send them, in the order they are told. */
import type { Ev, Graph, Msg, Seen, Totals } from '../../model/events.ts';
import { reduce } from '../../model/reduce.ts';
import { initialState, type State } from '../../model/state.ts';

export const NONE: Totals = {
  received: 0,
  delivered: 0,
  returned: 0,
  dropped: 0,
  rejected: 0,
  expired: 0,
  maxlen: 0,
  delivery_limit: 0,
};
const AMQP = [
  { name: '', type: 'direct' },
  { name: 'amq.topic', type: 'topic' },
];
const P = { node: 'rabbit@broker', connection: 'p', channel: 1 };

export class Story {
  state: State = initialState();
  readonly events: Ev[] = [];
  #totals = NONE;
  t = 0;

  tell(seen: Seen, after = 10): this {
    this.t += after;
    const event = { seq: this.events.length + 1, t: this.t, ...seen } as Ev;
    this.events.push(event);
    this.state = reduce(this.state, event);
    return this;
  }

  graph(graph: Partial<Graph>): this {
    const { exchanges = [], queues = [], bindings = [], consumers = [], ...more } = graph;
    const names = new Set(['p', ...consumers.map(({ connection }) => connection)]);
    const connections =
      graph.connections ??
      [...names].map((name) => ({ name, program: `${name} on host`, node: '', publishes: false }));
    const all = [...AMQP, ...exchanges];
    return this.tell({
      k: 'graph',
      graph: { exchanges: all, queues, bindings, consumers, ...more, connections },
    });
  }

  publish(
    id: string,
    exchange: string,
    key: string,
    routed: string[],
    more: Partial<Msg> = {},
  ): this {
    return this.tell({
      k: 'publish',
      msg: message(id, more),
      exchange,
      keys: [key],
      routed,
      from: P,
    });
  }

  deliver(
    id: string,
    queue: string,
    connection: string,
    more: { again?: boolean; msg?: Partial<Msg>; exchange?: string } = {},
  ): this {
    const { again = false, msg = {}, exchange = '' } = more;
    const to = { node: 'rabbit@broker', connection, channel: 1 };
    return this.tell({
      k: 'deliver',
      msg: message(id, msg),
      exchange,
      keys: [queue],
      queue,
      again,
      to,
    });
  }

  /** One look at the depths, half a second after the last event. */
  look(
    depths: Record<string, [ready: number, unacked: number]>,
    risen: Partial<Totals> = {},
  ): this {
    this.#totals = { ...this.#totals };
    for (const [name, by] of Object.entries(risen)) this.#totals[name as keyof Totals] += by;
    const entries = Object.entries(depths).map(([queue, [ready, unacked]]) => [
      queue,
      { ready, unacked, live: true },
    ]);
    return this.tell(
      { k: 'depths', depths: Object.fromEntries(entries), totals: this.#totals },
      500,
    );
  }

  get kinds(): string[] {
    return this.state.flights.filter(({ end }) => end > this.t).map(({ kind }) => kind);
  }
}

export const queue = (name: string, more: object = {}) => ({
  name,
  type: 'classic',
  exclusive: false,
  durable: true,
  ...more,
});
export const binding = (source: string, destination: string, key = '', args = {}) => ({
  source,
  destination,
  to: 'queue' as const,
  key,
  args,
});
export const consumer = (name: string, connection: string, more: object = {}) => ({
  queue: name,
  tag: 'amq.ctag-x',
  connection,
  channel: 1,
  ack: true,
  prefetch: 0,
  ...more,
});

export function message(id: string, more: Partial<Msg> = {}): Msg {
  return {
    id,
    by: 'messageId',
    properties: {},
    headers: {},
    deaths: [],
    base64: '',
    bytes: 0,
    ...more,
  };
}
