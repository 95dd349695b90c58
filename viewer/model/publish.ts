/** A publish: one dot to the exchange, and from there one into each queue. */
import { withCopies } from './copies.ts';
import { NOTHING } from './count.ts';
import type { Ev } from './events.ts';
import { defaultBinding, type Route, routes } from './match.ts';
import { bindingId, edgeId, exchangeId, producerId, queueId, splitProgram } from './names.ts';
import { redraw } from './reduce.ts';
import { withRow } from './rows.ts';
import { programOf } from './stacks.ts';
import type { Copy, Flight, Leg, State } from './state.ts';
import { withPeer } from './unlisted.ts';
import { refuse } from './unroutable.ts';

export const TO_EXCHANGE_MS = 250;
export const THROUGH_BINDING_MS = 350;
export const TO_CONSUMER_MS = 300;
/** How long a dot stays where its journey ends before a queue. */
export const REST_MS = 2000;
/**
 * What a key begins with that stands for a program which waits for an answer, and not for a queue.
 * Source: "Direct Reply-to" in the RabbitMQ documentation.
 */
export const DIRECT_REPLY = 'amq.rabbitmq.reply-to.';

export function publish(before: State, event: Ev & { k: 'publish' }): State {
  const { msg, exchange, keys } = event;
  const routed = queuesThere(before, event);
  let state = learn(before, event, exchange === '' ? routed : []);

  const start = Math.max(event.t, state.roomAt);
  const arrives = start + TO_EXCHANGE_MS;
  const ways = waysTo(state, exchange, { keys, headers: msg.headers }, routed);
  // On the default exchange the key is the queue's name, which is written in its pill.
  const label = exchange === '' ? '' : keys.join(', ');
  const shared = { seq: event.seq, msg, proof: 'seen' as const, label };
  const edge = edgeId(producerId(event.from.connection), exchangeId(exchange));
  const flights: Flight[] = [
    {
      ...shared,
      id: `${event.seq}`,
      kind: 'publish',
      start,
      end: arrives,
      legs: [{ edge, ms: TO_EXCHANGE_MS }],
      lit: [],
    },
  ];
  const copies: [undefined, Copy][] = [];
  for (const [queue, way] of ways) {
    const lands = arrives + THROUGH_BINDING_MS;
    const legs = legsTo(exchange, queue, way);
    const lit = way.flatMap(({ through }) => through.map(bindingId));
    const id = `${event.seq} ${queue}`;
    flights.push({ ...shared, id, kind: 'route', start: arrives, end: lands, legs, lit });
    const copy = { msg, queue, seq: event.seq, since: event.t, lands };
    copies.push([undefined, { ...copy, state: 'waiting', seen: true, counted: false }]);
  }
  let mark = '';
  const isReply = exchange === '' && keys.some((key) => key.startsWith(DIRECT_REPLY));
  if (isReply) {
    state = { ...state, replies: [...state.replies, event.t] };
    mark = 'direct reply-to: straight to who asked';
  } else if (routed.length === 0) {
    const refused = refuse(state, event, { ...shared, edge, start: arrives });
    flights.push(refused.flight);
    ({ state, mark } = refused);
  }

  const from = splitProgram(programOf(state.graph, event.from.connection)).title;
  const names = routed.map((name) => state.nodes.find(({ id }) => id === queueId(name))?.title);
  const to = names.join(', ') || (isReply ? 'who asked' : 'no queue');
  const path = `${from} → ${exchange || 'default exchange'} → ${to}`;
  const next = came(withCopies(state, copies), routed);
  const listed = withRow(next, 'publish', path, keys.join(', '), mark, msg.id);
  return { ...listed, flights: [...listed.flights, ...flights] };
}

/** On the default exchange the broker names the routing key, even where no such queue exists. */
function queuesThere({ graph }: State, { exchange, routed }: Ev & { k: 'publish' }): string[] {
  if (exchange !== '') return routed;
  return routed.filter((queue) => graph.queues.some(({ name }) => name === queue));
}

/** Who publishes where is known only from what is seen. */
function learn(state: State, { from, exchange }: Ev & { k: 'publish' }, named: string[]): State {
  const { connection } = from;
  const isKnown = state.publishers.some(
    (known) => known.connection === connection && known.exchange === exchange,
  );
  const news = named.filter((name) => !state.named.includes(name));
  if (isKnown && news.length === 0) return state;
  return redraw(state, {
    publishers: isKnown ? state.publishers : [...state.publishers, { connection, exchange }],
    named: [...state.named, ...news],
    graph: withPeer(state.graph, from, state.t),
  });
}

/** The default exchange is drawn with the queues that it has put something into. */
export function learnNamed(state: State, queue: string): State {
  if (state.named.includes(queue)) return state;
  return redraw(state, { named: [...state.named, queue] });
}

type Way = [queue: string, through: Route[]];

/** Each queue with the bindings that led there; with none, where our rules and the broker differ. */
export function waysTo(
  { graph }: Pick<State, 'graph'>,
  exchange: string,
  message: { keys: string[]; headers: Record<string, unknown> },
  routed: string[],
): Way[] {
  const found = routes(graph, exchange, message);
  const agrees =
    routed.every((queue) => found.some((route) => route.queue === queue)) &&
    found.every(({ queue }) => routed.includes(queue));
  return routed.map((queue) => [queue, agrees ? found.filter((one) => one.queue === queue) : []]);
}

/** Through the first of the bindings that fit; straight, where none is known. */
export function legsTo(exchange: string, queue: string, [way]: Route[]): Leg[] {
  const through = way?.through ?? (exchange === '' ? [defaultBinding(queue)] : []);
  if (through.length === 0) {
    return [{ edge: edgeId(exchangeId(exchange), queueId(queue)), ms: THROUGH_BINDING_MS }];
  }
  const ms = THROUGH_BINDING_MS / (2 * through.length);
  return through.flatMap((binding) => {
    const to = binding.to === 'queue' ? queueId : exchangeId;
    return [
      { edge: edgeId(exchangeId(binding.source), bindingId(binding)), ms },
      { edge: edgeId(bindingId(binding), to(binding.destination)), ms },
    ];
  });
}

/** For the comparison with the depths. */
export function came(state: State, queues: string[]): State {
  if (state.mode.draw !== 'each' || queues.length === 0) return state;
  const gaps = new Map(state.gaps);
  for (const queue of queues) {
    const gap = gaps.get(queue) ?? NOTHING;
    gaps.set(queue, { ...gap, came: gap.came + 1 });
  }
  return { ...state, gaps };
}
