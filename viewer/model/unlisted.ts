/**
 * Connections that were seen at work and that the broker's lists don't have yet. It renews its lists
 * of connections and of consumers every five seconds.
 */
import type { Connection, Graph, Peer } from './events.ts';
import type { State } from './state.ts';

/** What isn't in a list after so long isn't there any more. */
const LAG_MS = 6000;

/** The graph with this end in it, whether the broker lists it or not. */
export function withPeer(graph: Graph, peer: Peer, t: number): Graph {
  if (graph.connections.some(({ name }) => name === peer.connection)) return graph;
  const program = peer.viewer ? 'the page' : '';
  const added = { name: peer.connection, program, node: peer.node, publishes: false, seen: t };
  return { ...graph, connections: [...graph.connections, added] };
}

/** A new list, and those that are too new for it. */
export function withUnlisted(state: State, graph: Graph): Graph {
  const listed = new Set(graph.connections.map(({ name }) => name));
  const unlisted = state.graph.connections.filter(
    (one) => one.seen !== undefined && !listed.has(one.name) && !isOver(one, state.t),
  );
  return { ...graph, connections: [...graph.connections, ...unlisted] };
}

/** The list without those that should be in the broker's by now; the same one, if there are none. */
export function withoutLost(state: State): Graph {
  const { connections } = state.graph;
  const there = connections.filter((one) => !isOver(one, state.t));
  return there.length === connections.length ? state.graph : { ...state.graph, connections: there };
}

const isOver = ({ seen }: Connection, t: number) => seen !== undefined && t - seen > LAG_MS;
