/**
 * A dead letter into a queue that nobody reads: no event tells of it. Three counts prove it together:
 * the broker's counter of dead letters, one message fewer in a queue that has a dead letter exchange,
 * one more in a queue where that exchange leads. They may be read at different looks.
 */
import { copiesIn, withCopies } from './copies.ts';
import { REASONS, type Reason, show, unshown } from './deaths.ts';
import type { Ev, Graph } from './events.ts';
import { routes } from './match.ts';
import { bindingId, deadEdgeId } from './names.ts';
import { legsTo, THROUGH_BINDING_MS, TO_CONSUMER_MS, waysTo } from './publish.ts';
import { titleOf, withRow } from './rows.ts';
import type { Copy, Flight, State } from './state.ts';

type Look = Ev & { k: 'depths' };
/**
 * Of one queue, what no event explains: more ready messages or fewer, fewer unacknowledged ones. And
 * redeliveries that no depth has shown yet.
 */
export type Open = { queue: string; ready: number; fell: number; late: number };

/** Takes the dead letters out of what is unexplained. */
export function deadLetters(start: State, found: Open[], look: Look) {
  let state = start;
  const open = new Map(found.map((one) => [one.queue, { ...one }]));
  for (const source of open.values()) {
    const targets = targetsOf(state.graph, source.queue).flatMap((name) => open.get(name) ?? []);
    for (const was of ['held', 'waiting'] as const) {
      const gone = Math.max(0, was === 'held' ? source.fell : -source.ready);
      const came = Math.max(0, ...targets.map(({ ready }) => ready));
      const count = Math.min(gone, came, unshown(state.dead, REASONS[was]));
      if (count === 0) continue;
      const into = targets.filter(({ ready }) => ready > 0);
      state = move(state, look, { source: source.queue, was, count, into });
      for (const target of into) target.ready -= Math.min(count, target.ready);
      if (was === 'held') source.fell -= count;
      else source.ready += count;
    }
  }
  return { state, open: [...open.values()] };
}

/** What is unexplained in this queue may yet turn out to be a dead letter. */
export function mayBeDead({ graph, dead }: State, { queue, ready, fell }: Open): boolean {
  if (unshown(dead) === 0) return false;
  const isTarget = () => graph.queues.some(({ name }) => targetsOf(graph, name).includes(queue));
  const isSource = targetsOf(graph, queue).length > 0;
  return (
    (isSource && fell > 0 && unshown(dead, REASONS.held) > 0) ||
    (isSource && ready < 0 && unshown(dead, REASONS.waiting) > 0) ||
    (ready > 0 && isTarget())
  );
}

/** The queues into which this one's dead letters may go. */
function targetsOf(graph: Graph, source: string): string[] {
  const { dlx, dlk } = graph.queues.find(({ name }) => name === source) ?? {};
  if (dlx === undefined) return [];
  // Without a key of its own the message keeps the one it had, which isn't known here.
  const names =
    dlk === undefined
      ? graph.bindings.filter((one) => one.source === dlx).map(({ destination }) => destination)
      : routes(graph, dlx, { keys: [dlk], headers: {} }).map(({ queue }) => queue);
  return [...new Set(names)].filter((name) => name !== source);
}

type Move = { source: string; was: 'held' | 'waiting'; count: number; into: Open[] };

function move(start: State, look: Look, { source, was, count, into }: Move): State {
  const known = gone(start, source, was, count);
  let state = withCopies(
    start,
    known.map((copy) => [copy, undefined]),
  );
  for (let n = 0; n < count; n++) {
    const reason = REASONS[was].find((one) => unshown(state.dead, [one]) > 0) ?? 'rejected';
    state = { ...state, dead: show(state.dead, reason) };
    for (const { queue, ready } of into) {
      if (n < ready) state = fly(state, look, source, queue, reason, known[n]);
    }
  }
  return state;
}

/** Which messages they were, where that is certain: as many as left, and no other could have. */
function gone(state: State, source: string, was: Move['was'], count: number): Copy[] {
  const copies = copiesIn(state, source);
  const of = (wanted: Copy['state']) => copies.filter((copy) => copy.state === wanted);
  const { ready = 0, unacked = 0 } = state.depths[source] ?? {};
  const [held, settled, waiting] = [of('held'), of('settled'), of('waiting')];
  if (was === 'waiting') return ready === 0 && waiting.length === count ? waiting : [];
  if (unacked === 0 && settled.length + held.length === count) return [...settled, ...held];
  return held.length === unacked && settled.length === count ? settled : [];
}

const WORDS: Record<Reason, string> = {
  rejected: 'rejected',
  delivery_limit: 'delivered too often',
  expired: 'expired',
  maxlen: 'over the limit',
};

function fly(
  before: State,
  look: Look,
  from: string,
  to: string,
  reason: Reason,
  copy: Copy | undefined,
): State {
  const { dlx = '', dlk } = before.graph.queues.find(({ name }) => name === from) ?? {};
  const message = { keys: [dlk ?? ''], headers: copy?.msg.headers ?? {} };
  const [[, way] = [to, []]] = waysTo(before, dlx, message, [to]);
  const lands = look.t + TO_CONSUMER_MS + THROUGH_BINDING_MS;
  const flight: Flight = {
    id: `${look.seq} dead ${before.flights.length}`,
    seq: look.seq,
    ...(copy ? { msg: copy.msg } : {}),
    kind: 'dead',
    proof: 'counted',
    start: look.t,
    end: lands,
    legs: [{ edge: deadEdgeId(from, dlx), ms: TO_CONSUMER_MS }, ...legsTo(dlx, to, way)],
    label: WORDS[reason],
    lit: way.flatMap(({ through }) => through.map(bindingId)),
  };
  const told = { since: look.t, lands, seen: false, counted: true };
  const state = copy
    ? withCopies(before, [
        [undefined, { ...withoutPeer(copy), ...told, queue: to, state: 'waiting' }],
      ])
    : { ...before, unnamed: [...before.unnamed, { from, to }].slice(-MOST_UNNAMED) };
  const mark = `${WORDS[reason]}, by the counters`;
  const path = `${titleOf(state, from)} → ${titleOf(state, to)}`;
  const listed = withRow(state, 'dead', path, '', mark, copy?.msg.id);
  return { ...listed, flights: [...listed.flights, flight] };
}

const MOST_UNNAMED = 500;

function withoutPeer({ holder: _, ...copy }: Copy): Copy {
  return copy;
}
