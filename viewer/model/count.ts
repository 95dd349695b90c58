/**
 * What the counters say that no event says: an ack, a dead letter that nobody reads, a message that
 * a queue didn't take, a return. What is worked out here is drawn hollow.
 *
 * A depth and an event on their way at the same time may be off by one for a moment. So a difference
 * counts once it was there at two looks, one after the other.
 */
import { copiesIn, withCopies } from './copies.ts';
import { deadLetters, mayBeDead, type Open } from './dead-letters.ts';
import { countDeaths, forgetOld } from './deaths.ts';
import type { Depth, Ev } from './events.ts';
import { queueId } from './names.ts';
import { REST_MS } from './publish.ts';
import { titleOf, withRow } from './rows.ts';
import type { Copy, Difference, Flight, State } from './state.ts';
import { fly, withoutHolder } from './take-back.ts';
import { settleUnroutable } from './unroutable.ts';

type Look = Ev & { k: 'depths' };
/** What is taken for true now; `back`: those that went from unacknowledged to ready. */
type Found = Open & { back: number };

/** So far apart are two looks that are compared, at least. */
const LEAST_APART_MS = 400;

export const NOTHING: Difference = {
  came: 0,
  held: 0,
  again: 0,
  ready: 0,
  fell: 0,
  late: 0,
  stands: { ready: 0, fell: 0 },
};

export function countDepths(before: State, look: Look): State {
  const dead = countDeaths(before.dead, before.totals, look.totals);
  const { depths, totals, rates = {} } = look;
  const next = { ...settleUnroutable(before, look), depths, totals, rates, dead };
  // A look out of turn, for the sake of something else: too soon to tell a difference that lasts.
  if (look.t - before.looked < LEAST_APART_MS) return { ...next, gaps: denied(next) };
  if (before.mode.draw !== 'each') {
    return { ...next, looked: look.t, baseline: look.depths, dead: [] };
  }
  const found = Object.keys(look.depths).map((queue) => unexplained(next, queue));
  const { state, open } = deadLetters(next, found, look);
  const gaps = new Map<string, Difference>();
  const acts = open.map((one) => {
    const was = before.gaps.get(one.queue) ?? NOTHING;
    const act = mayBeDead(state, one) ? { ...one, ready: 0, fell: 0, back: 0 } : lasts(was, one);
    const ready = one.ready - act.ready - act.back;
    const fell = one.fell - act.fell - act.back;
    gaps.set(one.queue, { ...NOTHING, ready, fell, late: one.late, stands: { ready, fell } });
    return act;
  });
  const counted = markCounted({ ...state, gaps, dead: forgetOld(state.dead) }, acts, before);
  return acts.reduce((so, one) => settle(leave(giveBack(so, one, look), one, look), one), counted);
}

/** What differed at the latest look and doesn't now was a depth that lagged behind its events. */
function denied(state: State): State['gaps'] {
  return new Map(
    [...state.gaps].map(([queue, gap]) => {
      const { ready, fell } = unexplained(state, queue);
      const { stands } = gap;
      const still = { ready: lasting(stands.ready, ready), fell: lasting(stands.fell, fell) };
      return [queue, { ...gap, stands: still }];
    }),
  );
}

/** In what a queue's depth differs from what was seen since the look before, and was left then. */
function unexplained({ baseline, depths, gaps, looked }: State, queue: string): Open {
  // One that wasn't there at the look before began with nothing in it.
  const before = baseline[queue] ?? (looked > 0 ? EMPTY : undefined);
  const now = depths[queue];
  const gap = gaps.get(queue) ?? NOTHING;
  if (!before?.live || !now?.live) return { queue, ready: 0, fell: 0, late: 0 };
  const fell = gap.fell + before.unacked + gap.held - now.unacked;
  const ready = gap.ready + now.ready - before.ready - gap.came;
  // One that was given back goes out again: from ready to unacknowledged.
  const went = Math.min(gap.late + gap.again, Math.max(0, -fell), Math.max(0, -ready));
  // This depth may be from before it went out; then the next one is not.
  const late = Math.min(gap.again, gap.late + gap.again - went);
  return { queue, ready: ready + went, fell: fell + went, late };
}

const EMPTY: Depth = { ready: 0, unacked: 0, live: true };

/** What of it was so at the look before. */
function lasts({ stands: was }: Difference, { queue, ready, fell, late }: Open): Found {
  const act = { ready: lasting(was.ready, ready), fell: Math.max(0, lasting(was.fell, fell)) };
  // From unacknowledged to ready: given back by its consumer.
  const back = Math.min(act.fell, Math.max(0, act.ready));
  return { queue, ready: act.ready - back, fell: act.fell - back, late, back };
}

/** The part of a difference that was there before and is there still. */
function lasting(before: number, now: number): number {
  if (before > 0 && now > 0) return Math.min(before, now);
  if (before < 0 && now < 0) return Math.max(before, now);
  return 0;
}

/** Where all agrees, what came before the latest look is surely stored. */
function markCounted(state: State, found: Found[], before: State): State {
  const agreeing = found.filter(({ queue, ready }) => ready === 0 && !state.gaps.get(queue)?.ready);
  const latest = before.looked;
  const changes = agreeing
    .flatMap(({ queue }) => copiesIn(state, queue))
    .filter((copy) => !copy.counted && copy.since < latest)
    .map((copy): [Copy, Copy] => [copy, { ...copy, counted: true }]);
  return { ...withCopies(state, changes), looked: state.t, baseline: state.depths };
}

/** Given back by a nack, or by a channel that was closed. Which ones is known if it is all of them. */
function giveBack(state: State, { queue, back }: Found, look: Look): State {
  const held = copiesIn(state, queue).filter((copy) => copy.state === 'held' && copy.holder);
  if (back === 0 || held.length !== back) return state;
  const next = withCopies(
    state,
    held.map((copy) => [copy, withoutHolder(copy)]),
  );
  const flights = held.flatMap((copy, place) => fly(next, look, copy, place));
  return { ...next, flights: [...next.flights, ...flights] };
}

/** Fewer messages are ready than came: they were never stored, or went without a delivery. */
function leave(state: State, { queue, ready }: Found, look: Look): State {
  if (ready >= 0) return state;
  const waiting = copiesIn(state, queue).filter((copy) => copy.state === 'waiting');
  const never = waiting.filter(({ counted }) => !counted).slice(ready);
  const some = waiting.filter(({ counted }) => counted).slice(0, -ready - never.length);
  const why = reasonOf(state, queue, some);
  const flights = [
    ...never.map((copy, place) => rest(look, copy, 'not stored', 'not stored', place)),
    ...some.map((copy, place) => rest(look, copy, 'left', why, never.length + place)),
  ];
  const next = withCopies(
    state,
    [...never, ...some].map((copy) => [copy, undefined]),
  );
  const listed = [...never, ...some].reduce((rows, copy) => {
    const isNew = never.includes(copy);
    const name = titleOf(state, queue);
    const text = isNew ? `${name} did not store it` : `left ${name}, not delivered`;
    return withRow(
      rows,
      isNew ? 'not stored' : 'left',
      text,
      '',
      isNew ? 'counted' : why,
      copy.msg.id,
    );
  }, next);
  return { ...listed, flights: [...listed.flights, ...flights.slice(0, MOST_AT_ONCE)] };
}

/** After a purge of thousands, some dots are enough. */
const MOST_AT_ONCE = 10;

function reasonOf(state: State, name: string, copies: Copy[]): string {
  const queue = state.graph.queues.find((one) => one.name === name);
  const mayExpire = (copy: Copy) => {
    const own = Number(copy.msg.properties.expiration ?? Number.POSITIVE_INFINITY);
    return state.t - copy.since >= Math.min(own, queue?.ttl ?? Number.POSITIVE_INFINITY);
  };
  if (copies.length > 0 && copies.every(mayExpire)) return 'expired';
  return queue?.maxLength === undefined ? 'purged' : 'purged or over the limit';
}

function rest(
  look: Look,
  { msg, queue }: Copy,
  kind: Flight['kind'],
  label: string,
  n: number,
): Flight {
  const start = look.t + 60 * n;
  return {
    id: `${look.seq} ${kind} ${queue} ${n}`,
    seq: look.seq,
    msg,
    kind,
    proof: 'counted',
    start,
    end: start + REST_MS,
    legs: [{ node: queueId(queue), ms: REST_MS }],
    label,
    lit: [],
  };
}

/** Fewer are unacknowledged than were delivered. Which ones is not seen, only how many. */
function settle(state: State, { queue, fell }: Found): State {
  const unacked = state.depths[queue]?.unacked ?? 0;
  const copies = copiesIn(state, queue);
  const held = copies.filter((copy) => copy.state === 'held');
  const extra = held.slice(0, Math.max(0, held.length - unacked));
  const settledOnes = copies.filter((copy) => copy.state === 'settled');
  // Not yet forgotten where the depth may be the older of the two, or what became of it is open.
  const isClear = !state.gaps.get(queue)?.fell;
  const known = [...(fell > 0 || isClear ? extra : []), ...(isClear ? settledOnes : [])];
  const next = withCopies(
    state,
    known.map((copy) => [copy, undefined]),
  );
  if (fell === 0) return next;
  const settled = { ...next.settled, [queue]: (next.settled[queue] ?? 0) + fell };
  return withRow(
    { ...next, settled },
    'settled',
    titleOf(next, queue),
    '',
    `${fell} settled, by the counters`,
  );
}
