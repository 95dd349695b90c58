/**
 * A dead letter into a queue that nobody reads: no event tells of it, but there is one message more
 * here and one fewer in a queue whose dead letter exchange leads here.
 */

import { copiesIn, withCopies } from './copies.ts';
import type { Found } from './count.ts';
import type { Ev, Totals } from './events.ts';
import { routes } from './match.ts';
import { bindingId, deadEdgeId } from './names.ts';
import { legsTo, THROUGH_BINDING_MS, TO_CONSUMER_MS, waysTo } from './publish.ts';
import { withRow } from './rows.ts';
import type { Copy, Flight, State } from './state.ts';

export function deadLetters(
  start: State,
  before: State,
  found: Found[],
  look: Ev & { k: 'depths' },
): { state: State; rest: Found[] } {
  let state = start;
  const left = new Map(found.map((one) => [one.queue, { ...one }]));
  for (const target of found) {
    let more = target.ready;
    for (const source of more > 0 ? sourcesOf(state, target.queue) : []) {
      const one = left.get(source);
      if (!one) continue;
      const rejected = Math.min(more, one.fell);
      const others = Math.min(more - rejected, Math.max(0, -one.ready));
      left.set(source, { ...one, fell: one.fell - rejected, ready: one.ready + others });
      more -= rejected + others;
      for (let n = 0; n < rejected + others; n++) {
        const reason = n < rejected ? 'rejected' : reasonOf(before.dead, look.totals);
        state = move(state, look, source, target.queue, n < rejected ? 'held' : 'waiting', reason);
      }
    }
  }
  return { state: { ...state, dead: recent(before, look) }, rest: [...left.values()] };
}

function sourcesOf({ graph }: State, target: string): string[] {
  return graph.queues
    .filter(({ name, dlx, dlk }) => {
      if (dlx === undefined || name === target) return false;
      // Without a key of its own the message keeps the one it had, which isn't known here.
      const isBound = graph.bindings.some(
        ({ source, destination }) => source === dlx && destination === target,
      );
      if (dlk === undefined) return isBound;
      return routes(graph, dlx, { keys: [dlk], headers: {} }).some(({ queue }) => queue === target);
    })
    .map(({ name }) => name);
}

/** The counters of some looks ago: they rise a moment before or after the depths change. */
function recent(before: State, look: Ev & { k: 'depths' }): State['dead'] {
  return [...before.dead.slice(-3), look.totals];
}

const WORDS: [keyof Totals, string][] = [
  ['expired', 'expired'],
  ['maxlen', 'over the limit'],
  ['delivery_limit', 'delivered too often'],
  ['rejected', 'rejected'],
];

function reasonOf([past]: State['dead'], now: Totals): string {
  const risen = past ? WORDS.filter(([name]) => now[name] > past[name]) : [];
  return risen.map(([, word]) => word).join(' or ') || 'dead';
}

function move(
  state: State,
  look: Ev,
  from: string,
  to: string,
  was: Copy['state'],
  reason: string,
): State {
  const { dlx = '', dlk } = state.graph.queues.find(({ name }) => name === from) ?? {};
  const copies = copiesIn(state, from).filter((copy) => copy.state === was);
  // With one candidate it is known which message it is; with more, none is named.
  const [copy] = copies.length === 1 ? copies : [];
  const message = { keys: [dlk ?? ''], headers: copy?.msg.headers ?? {} };
  const [[, way] = [to, []]] = waysTo(state, dlx, message, [to]);
  const lands = look.t + TO_CONSUMER_MS + THROUGH_BINDING_MS;
  const flight: Flight = {
    id: `${look.seq} dead ${state.flights.length}`,
    seq: look.seq,
    ...(copy ? { msg: copy.msg } : {}),
    kind: 'dead',
    proof: 'counted',
    start: look.t,
    end: lands,
    legs: [{ edge: deadEdgeId(from, dlx), ms: TO_CONSUMER_MS }, ...legsTo(dlx, to, way)],
    label: reason,
    lit: way.flatMap(({ through }) => through.map(bindingId)),
  };
  const next = copy
    ? withCopies(state, [
        [copy, undefined],
        [
          undefined,
          {
            ...copy,
            queue: to,
            state: 'waiting',
            since: look.t,
            lands,
            seen: false,
            counted: true,
          },
        ],
      ])
    : state;
  const listed = withRow(
    next,
    'dead',
    `${from} → ${to}`,
    '',
    `${reason}, by the counters`,
    copy?.msg.id,
  );
  return { ...listed, flights: [...listed.flights, flight] };
}
