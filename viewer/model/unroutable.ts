/**
 * A message that no queue wants is dropped, or with `mandatory` returned. No event says which: the
 * broker's two counters do. Only what a viewer's page publishes is known to be mandatory.
 */
import type { Ev, Msg } from './events.ts';
import { exchangeId } from './names.ts';
import { REST_MS } from './publish.ts';
import type { Flight, Kind, State } from './state.ts';

const BACK_MS = 500;
/** A count may be read a moment before its message is heard of. It is kept for so long. */
const LOOSE_MS = 1200;

type Shared = { seq: number; msg: Msg; proof: 'seen'; label: string };

/** The dot of a message that no queue wants, from when it is at the exchange. */
export function refuse(
  state: State,
  { from, exchange }: Ev & { k: 'publish' },
  { edge, start, ...shared }: Shared & { edge: string; start: number },
): { state: State; flight: Flight; mark: string } {
  const flight: Flight = {
    ...shared,
    id: `${shared.seq} unroutable ${edge}`,
    kind: 'unroutable',
    start,
    end: start + REST_MS,
    legs: [{ node: exchangeId(exchange), ms: REST_MS }],
    lit: [],
  };
  if (!from.viewer) return { state, flight, mark: 'no queue' };
  return {
    state: { ...state, known: state.known + 1 },
    flight: { ...end(flight, 'returned', start), proof: 'seen' },
    mark: 'no queue: returned',
  };
}

export function settleUnroutable(state: State, look: Ev & { k: 'depths' }): State {
  if (!state.totals) return state;
  const counted = Math.max(0, look.totals.returned - state.totals.returned);
  const known = Math.max(0, state.known - counted);
  const droppedNow = Math.max(0, look.totals.dropped - state.totals.dropped);
  const awaited = state.replies.filter((t) => look.t - t < LOOSE_MS);
  const replies = awaited.slice(droppedNow);
  const risen = {
    t: look.t,
    returned: Math.max(0, counted - state.known),
    dropped: Math.max(0, droppedNow - awaited.length),
  };
  const loose = [...state.loose.filter(({ t }) => look.t - t < LOOSE_MS), risen];
  const sum = (name: 'returned' | 'dropped') => loose.reduce((n, one) => n + one[name], 0);
  const [returned, dropped] = [sum('returned'), sum('dropped')];
  const pending = state.flights.filter(({ kind }) => kind === 'unroutable');
  if (pending.length === 0 || returned + dropped === 0) return { ...state, loose, known, replies };
  const mixed = returned > 0 && dropped > 0;
  const kind: Kind = mixed ? 'dropped or returned' : returned > 0 ? 'returned' : 'dropped';
  // One that was published after the counters were read waits for the next look.
  const settled = new Map(
    pending.slice(0, returned + dropped).map((flight) => [flight.seq, flight]),
  );
  return {
    ...state,
    loose: [],
    known,
    replies,
    flights: state.flights.map((flight) =>
      settled.get(flight.seq) === flight ? end(flight, kind, look.t) : flight,
    ),
    rows: state.rows.map((row) =>
      settled.has(row.seq) && row.verb === 'publish' ? { ...row, mark: `no queue: ${kind}` } : row,
    ),
  };
}

function end(flight: Flight, kind: Kind, now: number): Flight {
  const start = Math.max(flight.start, now);
  const shared = { ...flight, kind, label: '', start, proof: 'counted' as const };
  const edge = flight.id.split(' unroutable ')[1] ?? '';
  if (kind !== 'returned') return { ...shared, end: start + REST_MS };
  const legs = [
    { edge, ms: BACK_MS, reverse: true },
    { edge, ms: REST_MS - BACK_MS, still: true },
  ];
  return { ...shared, end: start + REST_MS, legs };
}
