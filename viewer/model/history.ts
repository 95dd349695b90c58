/**
 * The events of the last minute, and what was known every few seconds, so that any moment of it can
 * be shown again. Bounded in time, in number and in bytes; the oldest goes first.
 */
import type { Ev } from './events.ts';
import { reduce } from './reduce.ts';
import { initialState, type State } from './state.ts';

export const LIMITS = { ms: 60_000, events: 20_000, bytes: 32 * 1024 * 1024 };
const SNAPSHOT_MS = 5000;
const SNAPSHOT_EVENTS = 1000;

export class History {
  readonly #limits: typeof LIMITS;
  #snapshots: State[];
  #sizes: number[] = [];
  #bytes = 0;
  #sinceSnapshot = 0;
  /** In their order, without gaps in `seq`. */
  events: Ev[] = [];
  /** After the latest event. */
  head: State;
  /** The event that is shown, where that isn't the latest: what comes after it is kept, however old. */
  shown = Number.POSITIVE_INFINITY;

  constructor(base: State = initialState(), limits = LIMITS) {
    this.#limits = limits;
    this.#snapshots = [base];
    this.head = base;
  }

  /** Before the oldest event that is kept. */
  get base(): State {
    return this.#snapshots[0] ?? this.head;
  }

  append(event: Ev, bytes = 0): void {
    this.head = reduce(this.head, event);
    this.events.push(event);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    this.#sinceSnapshot += 1;
    const latest = this.#snapshots.at(-1) as State;
    if (event.t - latest.t >= SNAPSHOT_MS || this.#sinceSnapshot >= SNAPSHOT_EVENTS) {
      this.#snapshots.push(this.head);
      this.#sinceSnapshot = 0;
    }
    this.#trim();
  }

  /** What was known after that event. */
  stateAt(seq: number): State {
    const from = this.#snapshots.findLast((snapshot) => snapshot.seq <= seq) ?? this.base;
    let state = from;
    for (let i = this.indexAfter(from.seq); i < this.events.length; i++) {
      const event = this.events[i] as Ev;
      if (event.seq > seq) break;
      state = reduce(state, event);
    }
    return state;
  }

  /** The place of the first event that is later than `seq`. */
  indexAfter(seq: number): number {
    const first = this.events[0]?.seq ?? 0;
    return Math.min(Math.max(0, seq - first + 1), this.events.length);
  }

  /** The last event at that time or before it; the base's if there is none. */
  seqAt(t: number): number {
    return this.events.findLast((event) => event.t <= t)?.seq ?? this.base.seq;
  }

  #trim(): void {
    const tooMuch = () =>
      this.events.length > this.#limits.events ||
      this.#bytes > this.#limits.bytes ||
      (this.head.t - (this.#snapshots[1]?.t ?? this.head.t) > this.#limits.ms &&
        (this.#snapshots[1]?.seq ?? 0) <= this.shown);
    while (this.#snapshots.length > 1 && tooMuch()) {
      this.#snapshots.shift();
      const kept = this.indexAfter(this.base.seq);
      this.events.splice(0, kept);
      for (const size of this.#sizes.splice(0, kept)) this.#bytes -= size;
    }
  }
}
