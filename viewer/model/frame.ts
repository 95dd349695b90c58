/** What is to be seen at one moment: where each dot is, and which bindings are lit. No timers. */
import type { Flight, Kind, State } from './state.ts';

export type Dot = {
  /** One for each journey; of those that start at nearly the same time, the first one's. */
  id: string;
  seqs: number[];
  kind: Kind;
  proof: Flight['proof'];
  label: string;
  count: number;
  /** Where it is: so far along that edge (0 to 1), or on that node. */
  edge?: string;
  node?: string;
  at: number;
};
export type Scene = { dots: Dot[]; lit: string[] };

/** Dots that start closer together than this, on the same way, are drawn as one with a count. */
const CLOSE_MS = 40;

export function frame(state: State, playhead: number): Scene {
  const flying = state.flights.filter(({ start, end }) => start <= playhead && playhead < end);
  const groups: Flight[][] = [];
  const open = new Map<string, Flight[]>();
  for (const flight of flying.toSorted((a, b) => a.start - b.start || a.seq - b.seq)) {
    const key = `${flight.kind} ${flight.proof} ${JSON.stringify(flight.legs)}`;
    const group = open.get(key);
    if (group?.[0] && flight.start - group[0].start < CLOSE_MS) group.push(flight);
    else {
      const fresh = [flight];
      open.set(key, fresh);
      groups.push(fresh);
    }
  }
  return {
    dots: groups.flatMap((group) => dotOf(group, playhead)),
    lit: [...new Set(flying.flatMap(({ lit }) => lit))],
  };
}

function dotOf(group: Flight[], playhead: number): Dot[] {
  const [first] = group;
  if (!first) return [];
  const { id, kind, proof, label } = first;
  const shared = { id, seqs: group.map(({ seq }) => seq), kind, proof, label, count: group.length };
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
  return [];
}

/** Slow, fast, slow: cubic. */
function ease(x: number): number {
  return x < 0.5 ? 4 * x ** 3 : 1 - (2 - 2 * x) ** 3 / 2;
}
