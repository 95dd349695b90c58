/**
 * Puts what was seen into an order that can be drawn. A delivery may overtake its publish on the way
 * here; and a message may come from a connection, or go to a queue, that is so new that the graph
 * doesn't have it yet. What is read of the broker meanwhile waits in the same line: a depth must not
 * overtake the events that it is made of.
 */
import type { Graph } from '../model/events.ts';
import type { Raw } from './decode.ts';

/** How long a delivery waits for its publish. Later it counts as published before the watching. */
export const ORPHAN_MS = 250;
/** How long an event waits for a graph that knows its ends. */
export const GRAPH_MS = 500;
/** A list that was asked for so long after an event, and lacks it, will lack it for some seconds. */
const SETTLE_MS = 250;
/** What was looked for in vain isn't asked for again so soon. */
const MISSING_MS = 2000;
const MOST_IDS = 20_000;

type Waiting = { raw: Raw; since: number };
/** What is told once all that was heard before it is told. */
type Next = { tell: () => void; since: number };

export class Order {
  readonly #emit: (raw: Raw) => void;
  readonly #askForGraph: () => void;
  #graph: Graph | undefined;
  #line: (Waiting | Next)[] = [];
  #orphans: Waiting[] = [];
  readonly #published = new Set<string>();
  readonly #missing = new Map<string, number>();

  constructor(emit: (raw: Raw) => void, askForGraph: () => void) {
    this.#emit = emit;
    this.#askForGraph = askForGraph;
  }

  push(raw: Raw, now: number): void {
    this.#line.push({ raw, since: now });
    this.tick(now);
  }

  /** Calls when all that was heard until now is told. */
  after(tell: () => void, now: number): void {
    this.#line.push({ tell, since: now });
    this.tick(now);
  }

  /** A graph that was asked for at `askedAt` is here. What it doesn't have isn't there. */
  take(graph: Graph, askedAt: number, now: number): void {
    this.#graph = graph;
    for (const waiting of this.#line) {
      if ('tell' in waiting) continue;
      const { raw, since } = waiting;
      const name = since + SETTLE_MS <= askedAt ? this.#unknown(raw, now) : undefined;
      if (name !== undefined) this.#missing.set(name, now + MISSING_MS);
    }
    this.tick(now);
  }

  /** Lets go what has waited long enough. */
  tick(now: number): void {
    for (const [name, until] of this.#missing) if (until <= now) this.#missing.delete(name);
    this.#tellOrphans(now);
    while (this.#line[0]) {
      const first = this.#line[0];
      if ('tell' in first) {
        if (this.#orphans.some(({ since }) => since <= first.since)) break;
        this.#line.shift();
        first.tell();
        continue;
      }
      const { raw, since } = first;
      if (now - since < GRAPH_MS && this.#unknown(raw, now) !== undefined) {
        this.#askForGraph();
        break;
      }
      this.#line.shift();
      this.#pass(raw, now);
    }
  }

  #tellOrphans(now: number): void {
    const due = this.#orphans.filter(({ since }) => now - since >= ORPHAN_MS);
    this.#orphans = this.#orphans.filter((orphan) => !due.includes(orphan));
    for (const { raw } of due) this.#emit(raw);
  }

  /** Nothing is waited for any more. */
  clear(): void {
    this.#line = [];
    this.#orphans = [];
    this.#published.clear();
    this.#missing.clear();
    this.#graph = undefined;
  }

  #pass(raw: Raw, now: number): void {
    if (raw.k === 'deliver' && !this.#published.has(raw.msg.id)) {
      this.#orphans.push({ raw, since: now });
      this.#remember(raw.msg.id); // what comes of it later needn't wait again
      return;
    }
    const isWaiting = this.#orphans.some((orphan) => orphan.raw.msg.id === raw.msg.id);
    if (raw.k === 'deliver' && isWaiting) {
      this.#orphans.push({ raw, since: now });
      return;
    }
    this.#emit(raw);
    if (raw.k !== 'publish') return;
    this.#remember(raw.msg.id);
    const own = this.#orphans.filter((orphan) => orphan.raw.msg.id === raw.msg.id);
    this.#orphans = this.#orphans.filter((orphan) => !own.includes(orphan));
    for (const orphan of own) this.#emit(orphan.raw);
  }

  #remember(id: string): void {
    this.#published.delete(id);
    this.#published.add(id);
    for (const oldest of this.#published) {
      if (this.#published.size <= MOST_IDS) break;
      this.#published.delete(oldest);
    }
  }

  /** A name in the event that neither the graph has, nor was looked for in vain. */
  #unknown(raw: Raw, now: number): string | undefined {
    if (!this.#graph) return 'graph';
    const { queues, connections } = this.#graph;
    const { connection, viewer } = raw.k === 'publish' ? raw.from : raw.to;
    const names = [
      ...(viewer || connections.some(({ name }) => name === connection) ? [] : [connection]),
      ...(raw.k === 'publish' ? raw.routed : [raw.queue])
        .filter((queue) => !queues.some(({ name }) => name === queue))
        .map((queue) => `queue ${queue}`),
      ...(raw.k === 'deliver' ? this.#withoutConsumer(raw) : []),
    ];
    return names.find((name) => (this.#missing.get(name) ?? 0) <= now);
  }

  #withoutConsumer({ to, queue }: Raw & { k: 'deliver' }): string[] {
    const there = this.#graph?.consumers.some(
      (one) =>
        one.queue === queue && one.connection === to.connection && one.channel === to.channel,
    );
    return there ? [] : [`consumer ${to.connection} ${to.channel} ${queue}`];
  }
}
