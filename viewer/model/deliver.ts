/** A delivery: a dot out of the queue, to the consumer that the broker gave the message to. */
import { copiesIn, copiesOf, withCopies } from './copies.ts';
import { NOTHING } from './count.ts';
import { REASONS, type Reason, show, unshown } from './deaths.ts';
import type { Death, Ev, Peer } from './events.ts';
import { bindingId, deadEdgeId, edgeId, getterId, queueId } from './names.ts';
import {
  came,
  DIRECT_REPLY,
  learnNamed,
  legsTo,
  THROUGH_BINDING_MS,
  TO_CONSUMER_MS,
  waysTo,
} from './publish.ts';
import { redraw } from './reduce.ts';
import { titleOf, withRow } from './rows.ts';
import { boxOf } from './stacks.ts';
import type { Copy, Flight, State } from './state.ts';
import { fly, withoutHolder } from './take-back.ts';
import { withPeer } from './unlisted.ts';

type Delivery = Ev & { k: 'deliver' };
type Change = [Copy | undefined, Copy | undefined];

export function deliver(before: State, event: Delivery): State {
  const { msg, queue, to, again } = event;
  // RabbitMQ 4.2 and later: told as delivered, it isn't counted as dropped.
  const known = queue.startsWith(DIRECT_REPLY)
    ? { ...before, replies: before.replies.slice(1) }
    : before;
  const fromDeath = showDeath(known, event);
  const { state, to: node, ack, prefetch } = receiver(fromDeath, event);
  const copy = oldest(state, event);
  // That it comes again says that its last holder gave it back.
  const [back] = again && copy?.holder ? fly(state, event, copy, 0) : [];
  const start = Math.max(event.t, state.roomAt, copy?.lands ?? 0, back?.end ?? 0);
  const flight: Flight = {
    id: `${event.seq}`,
    seq: event.seq,
    msg,
    kind: again ? 'redeliver' : 'deliver',
    proof: 'seen',
    start,
    end: start + TO_CONSUMER_MS,
    legs: [{ edge: edgeId(queueId(queue), node), ms: TO_CONSUMER_MS }],
    label: '',
    lit: [],
  };
  const isStream = state.graph.queues.some(({ name, type }) => name === queue && type === 'stream');
  const held: Copy = {
    ...(copy ?? {
      msg,
      queue,
      seq: event.seq,
      since: event.t,
      lands: start,
      seen: true,
      counted: true,
    }),
    state: 'held',
    holder: to,
  };
  const changes: Change[] = [];
  if (ack && !isStream) changes.push([copy, held], ...beyond(state, event, prefetch));
  else if (copy) changes.push([copy, undefined]);
  const moved = wentOut(withCopies(state, changes), queue, ack, again);
  const who = state.nodes.find(({ id }) => id === node)?.title ?? to.connection;
  const mark = [again && 'redelivered', msg.deaths[0] && `was ${msg.deaths[0].reason}`];
  const listed = withRow(
    moved,
    flight.kind,
    `${titleOf(state, queue)} → ${who}`,
    event.keys.join(', '),
    mark.filter(Boolean).join(', '),
    msg.id,
  );
  const returned = back ? [{ ...back, id: `${event.seq} back`, proof: 'seen' as const }] : [];
  return { ...listed, flights: [...listed.flights, ...returned, flight] };
}

/** A message that was delivered before was held; any other one was waiting. */
function oldest(state: State, { msg, queue, again }: Delivery): Copy | undefined {
  const copies = copiesOf(state, msg.id, queue);
  const wanted = again ? 'held' : 'waiting';
  return copies.find((copy) => copy.state === wanted) ?? copies.find((c) => c.state !== 'held');
}

/** The consumer on that channel; where none is, it was a `get`, whose connection is known. */
function receiver(state: State, { to, queue }: Delivery) {
  const consumer = state.graph.consumers.find(
    (one) => one.queue === queue && one.connection === to.connection && one.channel === to.channel,
  );
  if (consumer) {
    const { ack, prefetch } = consumer;
    return { state, to: boxOf(state.graph, consumer), ack, prefetch };
  }
  const isKnown = state.getters.some(
    (one) => one.queue === queue && one.peer.connection === to.connection,
  );
  const getters = isKnown ? state.getters : [...state.getters, { peer: to, queue }];
  const graph = withPeer(state.graph, to, state.t);
  const next = isKnown && graph === state.graph ? state : redraw(state, { getters, graph });
  // Whether it will be acknowledged isn't said; as if it were, the counters then tell.
  return { state: next, to: getterId(to, queue), ack: true, prefetch: 0 };
}

/**
 * Who may hold `prefetch` messages and gets one more has settled one. Which one isn't seen; with a
 * prefetch of 1 there is no other. In a queue with a dead letter exchange it may be dead.
 */
function beyond(state: State, { to, queue }: Delivery, prefetch: number): Change[] {
  if (prefetch === 0) return [];
  const held = copiesIn(state, queue).filter((copy) => isHeldBy(copy, to));
  const mayDie = state.graph.queues.some(({ name, dlx }) => name === queue && dlx !== undefined);
  return held
    .slice(0, Math.max(0, held.length + 1 - prefetch))
    .map((copy) => [copy, mayDie ? { ...withoutHolder(copy), state: 'settled' } : undefined]);
}

export function isHeldBy({ state, holder }: Copy, { connection, channel }: Peer): boolean {
  return state === 'held' && holder?.connection === connection && holder.channel === channel;
}

function wentOut(state: State, queue: string, ack: boolean, again: boolean): State {
  if (state.mode.draw !== 'each') return state;
  const gap = state.gaps.get(queue) ?? NOTHING;
  // One that comes again was given back first, which isn't seen: that makes up for it.
  const next = again
    ? { ...gap, again: gap.again + 1 }
    : { ...gap, came: gap.came - 1, held: gap.held + (ack ? 1 : 0) };
  return { ...state, gaps: new Map(state.gaps).set(queue, next) };
}

/** Dead-lettering shows in no event of its own, but in the header that the broker adds: `x-death`. */
function showDeath(before: State, event: Delivery): State {
  const { msg, queue } = event;
  const [death] = msg.deaths;
  const here = copiesOf(before, msg.id, queue);
  if (!death || here.some(({ seen }) => seen)) return before;
  const told = before.unnamed.findIndex(({ from, to }) => from === death.queue && to === queue);
  const isTold = here.length > 0 || told >= 0;
  if (!isTold && !isNews(before, event, death)) return before;
  const state = event.exchange === '' ? learnNamed(before, queue) : before;
  const lane = flyFrom(state, event, death);
  // What the counters told before is now seen.
  const dead = [...here, ...copiesOf(state, msg.id, death.queue).slice(0, 1)];
  const copy: Copy = {
    msg,
    queue,
    seq: event.seq,
    since: event.t,
    lands: lane.end,
    state: 'waiting',
    seen: true,
    counted: true,
  };
  const next = withCopies(state, [
    ...dead.map((one): [Copy, undefined] => [one, undefined]),
    [undefined, copy],
  ]);
  const flown = { ...next, flights: [...next.flights, lane] };
  if (!isTold) return died(came(flown, [queue]), death);
  return { ...flown, unnamed: flown.unnamed.filter((_, i) => here.length > 0 || i !== told) };
}

/** It died while we watched: it was seen before, or a death is counted that nothing has shown yet. */
function isNews(state: State, { msg, again }: Delivery, { queue, reason }: Death): boolean {
  const { copies, dead } = state;
  // RabbitMQ 4.3 marks a rejected message as redelivered wherever it goes.
  if (again) return copiesOf(state, msg.id, queue).length > 0;
  if (isReason(reason) && unshown(dead, [reason]) > 0) return true;
  return [...copies.values()].some((list) => list.some((copy) => copy.msg.id === msg.id));
}

const isReason = (text: string): text is Reason =>
  Object.values(REASONS).some((reasons) => reasons.some((reason) => reason === text));

/** It left its old queue: as a delivered message that was rejected, or as a waiting one. */
function died(before: State, { queue, reason }: Death): State {
  const state = isReason(reason) ? { ...before, dead: show(before.dead, reason) } : before;
  const gap = state.gaps.get(queue);
  if (!gap) return state;
  const wasHeld = REASONS.held.some((one) => one === reason);
  const next = wasHeld ? { ...gap, held: gap.held - 1 } : { ...gap, came: gap.came - 1 };
  return { ...state, gaps: new Map(state.gaps).set(queue, next) };
}

function flyFrom(state: State, event: Delivery, death: Death): Flight {
  const { msg, exchange, keys, queue } = event;
  const message = { keys, headers: msg.headers };
  const routed = waysTo(state, exchange, message, [queue]);
  const way = routed[0]?.[1] ?? [];
  const start = Math.max(event.t, state.roomAt);
  const legs = [
    { edge: deadEdgeId(death.queue, exchange), ms: TO_CONSUMER_MS },
    ...legsTo(exchange, queue, way),
  ];
  return {
    id: `${event.seq} dead`,
    seq: event.seq,
    msg,
    kind: 'dead',
    proof: 'seen',
    start,
    end: start + TO_CONSUMER_MS + THROUGH_BINDING_MS,
    legs,
    label: death.reason,
    lit: way.flatMap(({ through }) => through.map(bindingId)),
  };
}
