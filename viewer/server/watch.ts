/**
 * Watches the broker while somebody looks: the firehose for messages, the management API for what
 * there is. Nobody looks: no tracing, no questions.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Ev, Graph, Header, Seen, Totals } from '../model/events.ts';
import { History } from '../model/history.ts';
import { encodeState } from '../model/state.ts';
import type { Raw } from './decode.ts';
import { Management, NoAnswer } from './management.ts';
import { Order } from './order.ts';
import { LIMITS, Rate } from './rate.ts';
import type { Settings } from './settings.ts';
import { MOST_BEHIND, type Outgoing, openTap, type Tap } from './tap.ts';

/** Between two looks at the broker. */
const LOOK_MS = 500;
const LEAST_PAUSE_MS = 60;
/** Between two looks while the broker is away. */
const RETRY_MS = 500;
/** After the last page is closed; a page that is loaded again is back before that. */
const LINGER_MS = 2000;

export type Listener = (event: Ev, line: string) => void;

export class Watch {
  readonly #settings: Settings;
  readonly #limits: typeof LIMITS;
  readonly management: Management;
  readonly #order: Order;
  readonly #listeners = new Set<Listener>();
  #history = new History();
  #rate: Rate;
  #seq = 0;
  #tap: Tap | undefined;
  #running: { stop: AbortController; done: Promise<void> } | undefined;
  #stopped: Promise<void> = Promise.resolve();
  #lingering: NodeJS.Timeout | undefined;
  #wake = Promise.withResolvers<void>();
  #graphText = '';
  #totals: { t: number; totals: Totals } | undefined;
  #countedRate = 0;

  constructor(settings: Settings, limits = LIMITS) {
    this.#settings = settings;
    this.#limits = limits;
    this.#rate = new Rate(limits);
    this.management = new Management(settings);
    this.#order = new Order(
      (raw) => this.#tell(raw),
      () => this.#lookSoon(),
    );
  }

  /** What happened in the last minute, and from now on what happens. Returns how to stop it. */
  join(listener: Listener): { header: Header; past: readonly Ev[]; leave: () => void } {
    clearTimeout(this.#lingering);
    this.#listeners.add(listener);
    this.#running ??= this.#start();
    return {
      header: this.#header(),
      past: [...this.#history.events],
      leave: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size > 0) return;
        this.#lingering = setTimeout(() => {
          // A node that doesn't answer now is asked until it does.
          this.stop().catch(() => this.clearUp());
        }, LINGER_MS);
      },
    };
  }

  /** The last minute, to be kept. */
  get recording(): { header: Header; past: readonly Ev[] } {
    return { header: this.#header(), past: [...this.#history.events] };
  }

  /** Switches tracing off, also where a viewer that was killed has left it on. */
  stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.stop.abort();
    const end = async () => {
      await running?.done;
      // The last one out switches it off.
      if (!(await this.management.isHeard())) await this.management.trace(false);
    };
    const ended = this.#stopped.then(end);
    this.#stopped = ended.catch(() => {});
    return ended;
  }

  /** Tries until tracing is off, or somebody looks, who needs it on. */
  async clearUp(): Promise<void> {
    while (!this.#running) {
      try {
        await this.management.lookAround();
        if (!(await this.management.isHeard())) {
          await this.management.trace(false);
          break;
        }
      } catch {} // the broker is not there yet
      await pause(RETRY_MS);
    }
  }

  async publish(message: Outgoing): Promise<void> {
    if (!this.#tap) throw new Error('The broker is not there now; try again when it is.');
    await this.#tap.publish(message);
  }

  #header(): Header {
    return {
      viewer: 1,
      broker: this.management.version,
      vhost: this.#settings.vhost,
      nodes: [...this.management.nodes],
      epoch: Date.now() - performance.now(), // not `timeOrigin`: a machine that sleeps stops that clock
      state: encodeState(this.#history.base),
    };
  }

  #start() {
    const stop = new AbortController();
    // Not while the one before switches tracing off.
    return { stop, done: this.#stopped.then(() => this.#run(stop.signal)) };
  }

  // Each turn is one connection to the broker, from its opening to its loss.
  async #run(signal: AbortSignal): Promise<void> {
    let isAway = false;
    for (let turn = 0; !signal.aborted; turn++) {
      const { hosts } = this.management;
      const host = hosts[turn % hosts.length] ?? '';
      let why: string;
      try {
        await this.management.lookAround();
        this.#tap = await openTap(this.#settings, host, (raw) => this.#hear(raw));
        await this.management.trace(true);
        this.#record({ k: 'mode', mode: this.#rate.mode });
        await this.#begin(this.#tap);
        isAway = false;
        why = await this.#watch(this.#tap, signal);
      } catch (error) {
        why = wordsOf(error, host);
      }
      await this.#tap?.close();
      this.#tap = undefined;
      if (signal.aborted) break;
      // Said once for each absence.
      if (!isAway) {
        this.#forget();
        this.#record({ k: 'gap', why });
        console.log(` [!] ${why}`);
      }
      isAway = true;
      await pause(RETRY_MS, undefined, { signal }).catch(() => {});
    }
    this.#forget();
    this.#record({ k: 'gap', why: 'Nobody was looking.' });
  }

  /** Until the connection is lost or nobody looks any more. Returns why. */
  async #watch(tap: Tap, signal: AbortSignal): Promise<string> {
    const { promise: aborted, resolve } = Promise.withResolvers<string>();
    const onAbort = () => resolve('Nobody was looking.');
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort(); // the last page was closed while this was made ready
    const ended = Promise.race([aborted, tap.closed]);
    let end: string | undefined;
    void ended.then((why) => {
      end = why;
      this.#wake.resolve();
    });
    // Held back events and orphans are let go, however long the broker takes to answer.
    const tick = setInterval(() => this.#order.tick(performance.now()), 50);
    let traceAt = performance.now();
    try {
      while (end === undefined) {
        const began = performance.now();
        this.#wake = Promise.withResolvers();
        this.#takeGraph(await this.management.graph(), began);
        await this.#look(tap);
        if (began - traceAt >= 2000) {
          // A node of a cluster that was started again is there, and doesn't trace any more.
          await this.management.lookAround();
          await this.management.trace(true);
          traceAt = began;
        }
        const rest = LOOK_MS - (performance.now() - began);
        const timer = new AbortController();
        // Whoever asks for a graph sooner has it in a moment, and not ten times in that moment.
        await pause(LEAST_PAUSE_MS);
        await Promise.race([
          this.#wake.promise,
          pause(Math.max(0, rest - LEAST_PAUSE_MS), undefined, { signal: timer.signal }).catch(
            () => {},
          ),
        ]);
        timer.abort();
      }
    } finally {
      clearInterval(tick);
    }
    signal.removeEventListener('abort', onAbort);
    return `Lost the broker: ${end}.`;
  }

  /** Counted before the first event can be heard, and told before it: each event is then a rise. */
  async #begin(tap: Tap): Promise<void> {
    const askedAt = performance.now();
    const graph = await this.management.graph();
    const [{ depths }, totals] = await this.#count(tap);
    await tap.bind();
    this.#totals = { t: performance.now(), totals };
    this.#graphText = JSON.stringify(graph);
    this.#record({ k: 'back' });
    this.#record({ k: 'graph', graph });
    this.#record({ k: 'depths', depths, totals });
    this.#order.take(graph, askedAt, performance.now());
  }

  #count(tap: Tap) {
    return Promise.all([this.management.depths(tap.queue), this.management.totals()]);
  }

  async #look(tap: Tap): Promise<void> {
    const [{ depths, behind }, totals] = await this.#count(tap);
    const now = performance.now();
    if (this.#totals && now > this.#totals.t) {
      const { received, delivered } = this.#totals.totals;
      const most = Math.max(totals.received - received, totals.delivered - delivered);
      this.#countedRate = (1000 * most) / (now - this.#totals.t);
    }
    this.#totals = { t: now, totals };
    await this.#choose(tap, now, behind);
    const isCounting = this.#rate.mode.draw === 'counters';
    const rates = isCounting ? { rates: await this.management.rates() } : {};
    this.#order.after(() => this.#record({ k: 'depths', depths, totals, ...rates }), now);
  }

  /** How much is drawn from now on. */
  async #choose(tap: Tap, now: number, behind: number): Promise<void> {
    const before = this.#rate.mode;
    const counted = behind > MOST_BEHIND / 2 ? Number.POSITIVE_INFINITY : this.#countedRate;
    const mode = this.#rate.decide(now, counted);
    if (mode.draw === before.draw && mode.oneIn === before.oneIn && mode.draw === 'each') return;
    if (mode.draw === 'counters' && before.draw !== 'counters') await tap.unbind();
    if (mode.draw !== 'counters' && before.draw === 'counters') await tap.bind();
    if (Math.round(mode.rate) !== Math.round(before.rate) || mode.draw !== before.draw) {
      this.#record({ k: 'mode', mode: { ...mode, rate: Math.round(mode.rate) } });
    }
  }

  #lookSoon(): void {
    this.#wake.resolve();
  }

  #takeGraph(graph: Graph, askedAt: number): void {
    const text = JSON.stringify(graph);
    if (text !== this.#graphText) this.#record({ k: 'graph', graph });
    this.#graphText = text;
    this.#order.take(graph, askedAt, performance.now());
  }

  #hear(raw: Raw): void {
    const now = performance.now();
    // A flood would slow the lab down until the next look.
    if (this.#rate.count(raw.k, now) && this.#tap)
      void this.#choose(this.#tap, now, 0).catch(() => {});
    if (this.#rate.draws(raw.msg.id)) this.#order.push(raw, now);
  }

  #tell(raw: Raw): void {
    this.#record(raw);
    // Whether it was dropped or returned, the counters know.
    if (raw.k !== 'publish') return;
    const { queues } = this.#history.head.graph;
    if (!raw.routed.some((queue) => queues.some(({ name }) => name === queue))) this.#lookSoon();
  }

  #forget(): void {
    this.#order.clear();
    this.#rate = new Rate(this.#limits);
    this.#graphText = '';
    this.#totals = undefined;
  }

  #record(seen: Seen): void {
    this.#seq += 1;
    const event: Ev = { seq: this.#seq, t: Math.round(performance.now() * 10) / 10, ...seen };
    const line = JSON.stringify(event);
    this.#history.append(event, line.length);
    for (const listener of this.#listeners) listener(event, line);
  }
}

function wordsOf(error: unknown, tapped: string): string {
  const host = error instanceof NoAnswer ? error.host : tapped;
  return `Cannot see the broker ${host}: ${(error as Error).message}`;
}
