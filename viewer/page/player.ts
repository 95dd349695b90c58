/**
 * One playhead rules everything that is shown. LIVE follows what comes; PAUSED holds it, while
 * recording goes on; REPLAY moves it through the last minute.
 */
import type { Ev } from '../model/events.ts';
import type { History } from '../model/history.ts';
import { reduce } from '../model/reduce.ts';
import type { State } from '../model/state.ts';

export type Phase = 'live' | 'paused' | 'replay';
export const SPEEDS = [0.25, 0.5, 1] as const;

/** The longest journey of one event, with its rest. A step plays so long. */
const STEP_MS = 3000;

export class Player {
  history: History;
  #canBeLive: boolean;
  phase: Phase;
  speed: (typeof SPEEDS)[number] = SPEEDS[0];
  playhead = 0;
  #shown: State;
  #playUntil = 0;
  #clock = 0;
  /** What to add to our own clock to have the server's. */
  #ahead: number | undefined;

  constructor(history: History, canBeLive: boolean) {
    this.history = history;
    this.#canBeLive = canBeLive;
    this.phase = canBeLive ? 'live' : 'paused';
    this.#shown = history.head;
  }

  get state(): State {
    return this.phase === 'live' ? this.history.head : this.#shown;
  }

  /** Events that came since the one that is shown. */
  get newer(): number {
    return this.history.events.length - this.history.indexAfter(this.#shown.seq);
  }

  /**
   * The server's time, by an event that has just come. The quickest of them is the truest. Returns
   * how late this one is, in milliseconds.
   */
  hear(event: Ev, now: number): number {
    const ahead = event.t - now;
    if (this.#ahead === undefined || ahead > this.#ahead || this.#ahead - ahead > 5000) {
      this.#ahead = ahead;
    }
    return this.#ahead - ahead;
  }

  /** There is no server at the other end: it is never live. */
  playsRecording(): void {
    this.#canBeLive = false;
    this.phase = 'paused';
  }

  /** Called for each animation frame. Returns whether something moved. */
  tick(now: number): boolean {
    const passed = Math.min(250, now - this.#clock); // a page that slept doesn't leap
    this.#clock = now;
    this.history.shown = this.phase === 'live' ? Number.POSITIVE_INFINITY : this.#shown.seq;
    if (this.phase === 'live') {
      this.playhead = Math.max(this.playhead, now + (this.#ahead ?? 0));
      return true;
    }
    if (this.phase === 'paused') {
      if (this.playhead >= this.#playUntil) return false;
      this.playhead = Math.min(this.#playUntil, this.playhead + passed);
      return true;
    }
    this.playhead += this.speed * passed;
    this.#advance();
    if (this.newer === 0 && this.playhead > this.#shown.t + STEP_MS) this.live();
    return true;
  }

  live(): void {
    if (this.#canBeLive) {
      this.phase = 'live';
      this.playhead = this.history.head.t;
    } else {
      this.#hold(this.history.head, this.history.head.t);
    }
  }

  pause(): void {
    if (this.phase === 'paused') return;
    this.#hold(this.state, this.playhead);
  }

  /** Plays the next event, or goes back to the one before, and stops there. */
  step(by: 1 | -1, isEvent: (event: Ev) => boolean): void {
    const { events } = this.history;
    const here = this.history.indexAfter(this.state.seq) - 1;
    for (let i = here + by; i >= 0 && i < events.length; i += by) {
      const event = events[i] as Ev;
      if (!isEvent(event)) continue;
      this.show(event.seq);
      return;
    }
    this.pause();
  }

  /** Shows the moment of one event, and plays what it started. */
  show(seq: number): void {
    const state = this.history.stateAt(seq);
    this.#hold(state, state.t);
    this.#playUntil = state.t + STEP_MS;
  }

  /** Holds at a time: for a recording's start, and for a look at one frame. */
  showAt(t: number): void {
    this.#hold(this.history.stateAt(this.history.seqAt(t)), t);
  }

  /** From the oldest event, or from `ms` before the end. */
  replay(ms: number): void {
    // Not from before the first event, when the server was up and nobody looked.
    const first = this.history.events[0]?.t ?? this.history.base.t;
    const from = Math.max(first, this.history.head.t - ms);
    this.#hold(this.history.stateAt(this.history.seqAt(from)), from);
    this.phase = 'replay';
  }

  resume(): void {
    if (this.phase !== 'paused') return;
    if (this.newer === 0) this.live();
    else this.phase = 'replay';
  }

  #hold(state: State, playhead: number): void {
    this.phase = 'paused';
    this.#shown = state;
    this.playhead = playhead;
    this.#playUntil = playhead;
  }

  #advance(): void {
    const { base, events } = this.history;
    // So much has come that what is next is kept no more: it leaps, and skips none of the rest.
    if (base.seq > this.#shown.seq) {
      this.#shown = base;
      this.playhead = Math.max(this.playhead, base.t);
    }
    for (let i = this.history.indexAfter(this.#shown.seq); i < events.length; i++) {
      const event = events[i] as Ev;
      if (event.t > this.playhead) break;
      this.#shown = reduce(this.#shown, event);
    }
  }
}
