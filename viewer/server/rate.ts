/** How much can be drawn: each message, one in so many, or none but the numbers. */
import type { Mode } from '../model/events.ts';

/** Messages per second: up to the first each is drawn, up to the second a sample of them. */
export type Limits = { each: number; sample: number };
export const LIMITS: Limits = { each: 100, sample: 500 };
/** It comes back after so long below half of the rate at which it left. */
const CALM_MS = 3000;
const WINDOW_MS = 1000;
/** The messages whose fate is remembered. */
const MOST_DECIDED = 20_000;

export class Rate {
  mode: Mode = { draw: 'each', oneIn: 1, rate: 0 };
  readonly #limits: Limits;
  #publishes: number[] = [];
  #deliveries: number[] = [];
  readonly #decided = new Map<string, boolean>();
  #busyAt = Number.NEGATIVE_INFINITY;

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  /** Returns whether it is time to decide at once: there are more than this mode is for. */
  count(kind: 'publish' | 'deliver', now: number): boolean {
    const heard = kind === 'publish' ? this.#publishes : this.#deliveries;
    heard.push(now);
    // By the window, not since the latest look: that may be seconds ago where the broker is slow.
    const first = heard.at(-1 - mostIn(this.mode, this.#limits)) ?? Number.NEGATIVE_INFINITY;
    return first > now - WINDOW_MS;
  }

  /** The mode from now on. `counted` is the rate by the counters, while nothing is heard. */
  decide(now: number, counted: number): Mode {
    const since = now - WINDOW_MS;
    this.#publishes = this.#publishes.filter((at) => at > since);
    this.#deliveries = this.#deliveries.filter((at) => at > since);
    const heard = Math.max(this.#publishes.length, this.#deliveries.length);
    const rate = this.mode.draw === 'counters' ? counted : heard;
    const wanted = modeFor(rate, this.#limits);
    if (weight(wanted) >= weight(this.mode)) {
      this.#busyAt = now;
      this.mode = { ...wanted, rate };
    } else if (2 * rate > limitBelow(this.mode, this.#limits)) {
      this.#busyAt = now;
      this.mode = { ...this.mode, rate };
    } else if (now - this.#busyAt >= CALM_MS) {
      this.#busyAt = now;
      this.mode = { ...wanted, rate };
    } else {
      this.mode = { ...this.mode, rate };
    }
    return this.mode;
  }

  /** Whether a message is drawn: all its events or none, also where the mode changes between them. */
  draws(id: string): boolean {
    const known = this.#decided.get(id);
    if (known !== undefined) return known;
    const { draw, oneIn } = this.mode;
    const isDrawn = draw === 'each' || (draw === 'sample' && hash(id) % oneIn === 0);
    this.#decided.set(id, isDrawn);
    for (const oldest of this.#decided.keys()) {
      if (this.#decided.size <= MOST_DECIDED) break;
      this.#decided.delete(oldest);
    }
    return isDrawn;
  }
}

function modeFor(rate: number, { each, sample }: Limits): Mode {
  if (rate <= each) return { draw: 'each', oneIn: 1, rate };
  if (rate > sample) return { draw: 'counters', oneIn: 0, rate };
  return { draw: 'sample', oneIn: 2 ** Math.ceil(Math.log2((2 * rate) / each)), rate };
}

/** The rate up to which this mode is right. */
function mostIn({ draw, oneIn }: Mode, { each, sample }: Limits): number {
  if (draw === 'counters') return Number.POSITIVE_INFINITY;
  return draw === 'each' ? each : Math.min(sample, (oneIn * each) / 2);
}

/** The rate above which one comes into this mode. */
function limitBelow({ draw, oneIn }: Mode, { each, sample }: Limits): number {
  if (draw === 'counters') return sample;
  return draw === 'sample' ? (oneIn * each) / 4 : 0;
}

function weight({ draw, oneIn }: Mode): number {
  return draw === 'counters' ? Number.POSITIVE_INFINITY : oneIn;
}

/** FNV-1a: ids that differ in one character fall apart. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h ^ (h >>> 15)) >>> 0;
}
