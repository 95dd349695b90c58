/**
 * What the server tells the page, one line for each thing that was seen. A recording is these lines
 * too. `seq` is the server's order; `t` is when the server saw it, in milliseconds that never go
 * back, counted from the server's start.
 */

export type Ev = { seq: number; t: number } & Seen;

export type Seen =
  | { k: 'publish'; msg: Msg; exchange: string; keys: string[]; routed: string[]; from: Peer }
  | {
      k: 'deliver';
      msg: Msg;
      exchange: string;
      keys: string[];
      queue: string;
      again: boolean;
      to: Peer;
    }
  | { k: 'graph'; graph: Graph }
  | { k: 'depths'; depths: Record<string, Depth>; totals: Totals; rates?: Record<string, Flow> }
  | { k: 'mode'; mode: Mode }
  | { k: 'gap'; why: string }
  | { k: 'back' };

/** A program's end of a channel, as the broker names it. `viewer`: it is a viewer's page. */
export type Peer = { node: string; connection: string; channel: number; viewer?: true };

export type Msg = {
  id: string;
  /** Without a messageId the viewer makes an id of the properties and the body. */
  by: 'messageId' | 'hash';
  properties: Record<string, unknown>;
  headers: Record<string, unknown>;
  deaths: Death[];
  /** The body's first 64 KiB. `bytes` is the length of all of it. */
  base64: string;
  bytes: number;
};

/** An entry of `x-death`, the latest first. */
export type Death = { queue: string; reason: string; exchange: string; count: number };

/** What waits in a queue, and what is delivered and not acknowledged. `live`: at this moment. */
export type Depth = { ready: number; unacked: number; live: boolean };

/** Messages per second into a queue and out of it: the broker's own averages over some seconds. */
export type Flow = { in: number; out: number };

/** Counters of all nodes together, since their start. Only what the page uses. */
export type Totals = Record<TotalName, number>;
export type TotalName =
  | 'received'
  | 'delivered'
  | 'returned'
  | 'dropped'
  | 'rejected'
  | 'expired'
  | 'maxlen'
  | 'delivery_limit';

/** Every message is drawn, or one in so many, or none. `rate`: messages per second. */
export type Mode = { draw: 'each' | 'sample' | 'counters'; oneIn: number; rate: number };

/** What a vhost holds. */
export type Graph = {
  exchanges: Exchange[];
  queues: Queue[];
  bindings: Binding[];
  consumers: Consumer[];
  connections: Connection[];
  /** Those of a cluster that run. */
  nodes?: string[];
};
export type Exchange = { name: string; type: string; alternate?: string };
export type Queue = {
  name: string;
  type: string;
  exclusive: boolean;
  durable: boolean;
  /** Of its arguments and its policy. */
  ttl?: number;
  maxLength?: number;
  overflow?: string;
  dlx?: string;
  dlk?: string;
  /** Where it is; of one with replicas, where its leader is. */
  node?: string;
};
export type Binding = {
  source: string;
  destination: string;
  to: 'queue' | 'exchange';
  key: string;
  args: Record<string, unknown>;
};
export type Consumer = {
  queue: string;
  tag: string;
  connection: string;
  channel: number;
  ack: boolean;
  prefetch: number;
  /** Where a stream's consumer began to read. */
  offset?: string;
};
/**
 * `publishes`: it is known to have published. `viewer`: a viewer's. `seen`: when it was first seen,
 * and the broker doesn't list it yet.
 */
export type Connection = {
  name: string;
  program: string;
  node: string;
  publishes: boolean;
  viewer?: true;
  seen?: number;
  /** Where it isn't AMQP 0-9-1. */
  protocol?: string;
};

/** The first line: what the events that follow belong to. */
export type Header = {
  viewer: 1;
  broker: string;
  vhost: string;
  nodes: string[];
  /** The wall clock at `t` = 0, in milliseconds since 1970. */
  epoch: number;
  state: unknown;
};
