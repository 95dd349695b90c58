/** What is known at one moment. Only `reduce` makes a new one; nothing changes an old one. */
import type { Deaths } from './deaths.ts';
import type { Depth, Flow, Graph, Mode, Msg, Peer, Totals } from './events.ts';

/** A message in a queue. A message that went into three queues is three copies. */
export type Copy = {
  msg: Msg;
  queue: string;
  /** The event that put it there. */
  seq: number;
  since: number;
  /** When its dot is in the queue: a delivery's dot doesn't leave before that. */
  lands: number;
  /** `settled`: acknowledged or rejected, and it isn't known yet which. */
  state: 'waiting' | 'held' | 'settled';
  /** An event told of it, and not only the counters. */
  seen: boolean;
  /** A depth was seen that includes it. */
  counted: boolean;
  holder?: Peer;
};

/** One dot's journey. */
export type Flight = {
  id: string;
  /** The event that it shows. */
  seq: number;
  /** Absent where only the counters tell of it, and not which message it was. */
  msg?: Msg;
  kind: Kind;
  /** Seen in the firehose, or worked out from counters. */
  proof: 'seen' | 'counted';
  start: number;
  end: number;
  legs: Leg[];
  /** What is said beside the dot. */
  label: string;
  /** The ids of the bindings that the message goes through. */
  lit: string[];
};

export type Kind =
  | 'publish' // from its producer to the exchange
  | 'route' // through a binding into a queue
  | 'deliver'
  | 'redeliver'
  | 'unroutable' // at the exchange, and not yet known which of the next three
  | 'dropped'
  | 'returned'
  | 'dropped or returned'
  | 'dead' // from its queue through the dead letter exchange into another one
  | 'back' // from a consumer that is gone, into its queue again
  | 'not stored' // the exchange had a queue for it, and the queue didn't get it
  | 'left'; // expired, purged or dropped: out of the queue, and no delivery

/** Along an edge, forwards or backwards, or at rest on a node. */
export type Leg =
  | { edge: string; ms: number; reverse?: boolean; still?: boolean }
  | { node: string; ms: number };

/** What has left the graph is shown for a while longer. */
export type Ghost = { node: Node; edges: Edge[]; gone: number };

export type Node = {
  id: string;
  kind: 'producer' | 'exchange' | 'binding' | 'queue' | 'consumer';
  /** From left to right. */
  column: number;
  title: string;
  lines: string[];
  badges: string[];
  /** What the broker calls it, and what it belongs to. */
  name: string;
  connection?: string;
  /** Of the default exchange, or a `get`: not declared by anyone. */
  implied?: boolean;
};
export type Edge = { id: string; from: string; to: string; kind: 'path' | 'dead' };

/** One line of the list of events. */
export type Row = {
  seq: number;
  t: number;
  verb: Kind | 'settled' | 'broker';
  path: string;
  key: string;
  mark: string;
  msg?: string;
};

export type State = {
  t: number;
  seq: number;
  graph: Graph;
  /** Connections that published, and the latest queues that the default exchange put something in. */
  publishers: { connection: string; exchange: string }[];
  named: string[];
  getters: { peer: Peer; queue: string }[];
  nodes: Node[];
  edges: Edge[];
  ghosts: Ghost[];
  /** Dots wait until the picture has made room for a new box. */
  roomAt: number;
  /** By `message id, queue`; the oldest first. */
  copies: Map<string, Copy[]>;
  /** By queue: in what the depths differ from what was seen. */
  gaps: Map<string, Difference>;
  flights: Flight[];
  depths: Record<string, Depth>;
  /** Where messages are not drawn one by one: how many there are. By queue. */
  rates: Record<string, Flow>;
  totals: Totals | undefined;
  /** When depths were last compared with what was seen, and these depths. */
  looked: number;
  baseline: Record<string, Depth>;
  dead: Deaths[];
  /** Dead letters that are drawn, and it isn't known which messages they are. */
  unnamed: { from: string; to: string }[];
  /** Returns and drops that were counted, and no message yet to which they belong. */
  loose: { t: number; returned: number; dropped: number }[];
  /** Returns that are known before they are counted. */
  known: number;
  /** When answers by direct reply-to were seen that the broker may yet count as dropped: before 4.2. */
  replies: readonly number[];
  mode: Mode;
  /** Why nothing can be seen now, such as a broker that is away. */
  blind: string | undefined;
  settled: Record<string, number>;
  rows: Row[];
};
/**
 * Seen since the latest look: ready messages that came less those that went, deliveries to be
 * acknowledged, redeliveries. And what earlier looks left unexplained: `ready`, `fell` (unacked),
 * the redeliveries that the latest look didn't have yet. `stands`: what no look since then denies.
 */
export type Difference = {
  came: number;
  held: number;
  again: number;
  ready: number;
  fell: number;
  late: number;
  stands: { ready: number; fell: number };
};

export const MOST_ROWS = 400;
export const MOST_COPIES = 2000;
export const GHOST_MS = 10_000;
export const ROOM_MS = 300;

export function initialState(): State {
  return {
    t: 0,
    seq: 0,
    graph: { exchanges: [], queues: [], bindings: [], consumers: [], connections: [] },
    publishers: [],
    named: [],
    getters: [],
    nodes: [],
    edges: [],
    ghosts: [],
    roomAt: 0,
    copies: new Map(),
    gaps: new Map(),
    flights: [],
    depths: {},
    rates: {},
    totals: undefined,
    looked: 0,
    baseline: {},
    dead: [],
    unnamed: [],
    loose: [],
    known: 0,
    replies: [],
    mode: { draw: 'each', oneIn: 1, rate: 0 },
    blind: undefined,
    settled: {},
    rows: [],
  };
}

/** As JSON, for a recording's first line, and back. */
export function encodeState(state: State): unknown {
  return { ...state, copies: [...state.copies], gaps: [...state.gaps] };
}
export function decodeState(encoded: unknown): State {
  const state = encoded as Omit<State, 'copies' | 'gaps'> & {
    copies: [string, Copy[]][];
    gaps: [string, Difference][];
  };
  return { ...state, copies: new Map(state.copies), gaps: new Map(state.gaps) };
}
