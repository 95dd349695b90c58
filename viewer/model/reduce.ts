/**
 * One event makes of what was known what is known now. No clock, no chance, no timers: the same
 * events give the same picture, live, replayed and offline.
 */
import { countDepths } from './count.ts';
import { deliver } from './deliver.ts';
import type { Ev, Graph } from './events.ts';
import { edgeId, getterId, queueId, shortNode } from './names.ts';
import { draw } from './picture.ts';
import { publish } from './publish.ts';
import { withRow } from './rows.ts';
import { boxOf, idsOf } from './stacks.ts';
import { GHOST_MS, initialState, ROOM_MS, type State } from './state.ts';
import { takeBack } from './take-back.ts';
import { withoutLost, withUnlisted } from './unlisted.ts';

/** A journey that is over is kept for a frame that comes late: on a slow machine, or while boxes move. */
export const KEPT_MS = 4000;
/** Those that are over are cleared away together: with each event it would cost more than the event. */
const CLEARED_MS = 500;

export function reduce(before: State, event: Ev): State {
  const now = { ...before, t: event.t, seq: event.seq };
  const state = {
    ...now,
    flights: inSight(now.flights, event.t),
    ghosts: now.ghosts.filter(({ gone }) => event.t < gone),
  };
  switch (event.k) {
    case 'publish':
      return publish(state, event);
    case 'deliver':
      return deliver(state, event);
    case 'graph':
      return takeBack(change(withNodes(state, event.graph), event.graph), event);
    case 'depths':
      return countDepths(withoutThoseLost(state, event), event);
    case 'mode':
      // What is drawn in part can't be compared with the counters.
      return { ...state, mode: event.mode, gaps: new Map(), looked: 0, baseline: {} };
    case 'gap':
      return withRow(blinded(state, event.why), 'broker', event.why, '', '');
    case 'back':
      return { ...state, blind: undefined };
  }
}

function inSight(flights: State['flights'], t: number): State['flights'] {
  const [oldest] = flights;
  if (!oldest || oldest.end > t - KEPT_MS - CLEARED_MS) return flights;
  return flights.filter(({ end }) => end > t - KEPT_MS);
}

/** Nothing is known of what happens meanwhile: not of a message in a queue, not of a depth. */
function blinded(state: State, why: string): State {
  const { copies, depths, gaps, totals, baseline, looked, dead, unnamed } = initialState();
  return { ...state, copies, depths, gaps, totals, baseline, looked, dead, unnamed, blind: why };
}

/** Which nodes of the cluster went, and which came back. */
function withNodes(state: State, { nodes }: Graph): State {
  const before = state.graph.nodes;
  if (!before || !nodes) return state;
  const say = (so: State, node: string, what: string) =>
    withRow(so, 'broker', `The node ${shortNode(node)} is ${what}.`, '', '');
  const went = before.filter((node) => !nodes.includes(node));
  const came = nodes.filter((node) => !before.includes(node));
  const down = went.reduce((so, node) => say(so, node, 'down'), state);
  return came.reduce((so, node) => say(so, node, 'there again'), down);
}

/** Who isn't listed in time has gone without a word, and what it held is back. */
function withoutThoseLost(state: State, event: Ev): State {
  const graph = withoutLost(state);
  return graph === state.graph ? state : takeBack(change(state, graph), event);
}

/** Dots on their way to one who was too new for the lists go on to the box that takes its place. */
function toListed({ getters, flights }: State, graph: Graph): State['flights'] {
  const renamed = new Map(
    getters.flatMap(({ peer, queue }): [string, string][] => {
      const consumer = graph.consumers.find(
        (one) => one.queue === queue && one.connection === peer.connection,
      );
      if (!consumer) return [];
      const edge = (to: string) => edgeId(queueId(queue), to);
      return [[edge(getterId(peer, queue)), edge(boxOf(graph, consumer))]];
    }),
  );
  if (renamed.size === 0) return flights;
  return flights.map((flight) => ({
    ...flight,
    legs: flight.legs.map((leg) =>
      'edge' in leg ? { ...leg, edge: renamed.get(leg.edge) ?? leg.edge } : leg,
    ),
  }));
}

function change(state: State, list: Graph): State {
  const graph = withUnlisted(state, list);
  const open = new Set(graph.connections.map(({ name }) => name));
  const known = {
    graph,
    flights: toListed(state, graph),
    publishers: state.publishers.filter(({ connection }) => open.has(connection)),
    named: state.named.filter((name) => graph.queues.some((queue) => queue.name === name)),
    getters: state.getters.filter(
      ({ peer, queue }) =>
        open.has(peer.connection) &&
        graph.queues.some(({ name }) => name === queue) &&
        // The list of consumers was a moment behind: it was no `get`.
        !graph.consumers.some((c) => c.queue === queue && c.connection === peer.connection),
    ),
  };
  return redraw(state, known);
}

/** Draws again, and keeps what is gone as a ghost. What comes later is appended, not put between. */
export function redraw(state: State, known: Partial<State>): State {
  const next = { ...state, ...known };
  const { nodes, edges } = draw(next);
  const there = new Set(nodes.map(({ id }) => id));
  const drawnElsewhere = idsOf(next.graph);
  // It has been waited for long enough already.
  const wasLost = new Set(state.graph.connections.flatMap((one) => (one.seen ? one.name : [])));
  const gone = state.nodes
    .filter(({ id }) => !there.has(id) && !drawnElsewhere.has(id))
    .filter(({ kind, connection = '' }) => kind !== 'producer' || !wasLost.has(connection))
    .map((node) => ({
      node,
      edges: state.edges.filter(({ from, to }) => from === node.id || to === node.id),
      gone: state.t + GHOST_MS,
    }));
  const order = new Map(state.nodes.map(({ id }, place) => [id, place]));
  const isNew = nodes.some(({ id }) => !order.has(id));
  const place = (id: string) => order.get(id) ?? order.size;
  return {
    ...next,
    nodes: nodes.toSorted((a, b) => place(a.id) - place(b.id)),
    edges,
    roomAt: isNew ? state.t + ROOM_MS : state.roomAt,
    ghosts: [...state.ghosts.filter(({ node }) => !there.has(node.id)), ...gone],
  };
}
