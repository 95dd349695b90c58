/** What is to be seen at one moment: where each dot is, and which bindings are lit. No timers. */
import type { Flight, Kind, State } from './state.ts';

export type Dot = {
  /** The journeys: one, or those that start at nearly the same time. */
  ids: string[];
  seqs: number[];
  kind: Kind;
  proof: Flight['proof'];
  label: string;
  /** Where it is: so far along that edge (0 to 1), or on that node. */
  edge?: string;
  node?: string;
  at: number;
};
export type Scene = { dots: Dot[]; lit: string[] };

/** Dots that start closer together than this, on the same way, are drawn as one with a count. */
const CLOSE_MS = 40;

/** The frame before this one: its moment, and the latest event that was known then. */
export type Before = { playhead: number; seq: number };

/**
 * A journey that ended since the frame before, or whose event came when it was already over, is shown
 * once, at its end: a slow machine draws few frames and hears late, and still leaves nothing out.
 */
export function frame(
  state: State,
  playhead: number,
  before: Before = { playhead, seq: state.seq },
): Scene {
  const since = Math.min(before.playhead, playhead);
  const flying = state.flights.filter(
    ({ start, end, seq }) => start <= playhead && (since < end || seq > before.seq),
  );
  // Slices of time, so that a group stays the same while its dots come and go.
  const groups = Map.groupBy(
    flying.toSorted((a, b) => a.start - b.start || a.seq - b.seq),
    ({ kind, proof, legs, start }) =>
      JSON.stringify([kind, proof, legs, Math.floor(start / CLOSE_MS)]),
  );
  return {
    dots: [...groups.values()].flatMap((group) => dotOf(group, playhead)),
    lit: [...new Set(flying.flatMap(({ lit }) => lit))],
  };
}

function dotOf(group: Flight[], playhead: number): Dot[] {
  const [first] = group;
  if (!first) return [];
  const { kind, proof, label } = first;
  const ids = group.map(({ id }) => id);
  const shared = { ids, seqs: group.map(({ seq }) => seq), kind, proof, label };
  let passed = playhead - first.start;
  for (const leg of first.legs) {
    if (passed >= leg.ms) {
      passed -= leg.ms;
      continue;
    }
    if ('node' in leg) return [{ ...shared, node: leg.node, at: 0 }];
    const at = ease(passed / leg.ms);
    return [{ ...shared, edge: leg.edge, at: leg.still ? 0 : leg.reverse ? 1 - at : at }];
  }
  const last = first.legs.at(-1);
  if (!last) return [];
  return [
    'node' in last
      ? { ...shared, node: last.node, at: 0 }
      : { ...shared, edge: last.edge, at: last.reverse ? 0 : 1 },
  ];
}

/** Slow, fast, slow: cubic. */
function ease(x: number): number {
  return x < 0.5 ? 4 * x ** 3 : 1 - (2 - 2 * x) ** 3 / 2;
}
