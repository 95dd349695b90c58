/** The playhead: what it plays, however long somebody has paused before. */
import { expect, test } from 'vitest';
import type { Ev } from '../../model/events.ts';
import { History } from '../../model/history.ts';
import { initialState } from '../../model/state.ts';
import { Player } from '../../page/player.ts';

const FRAME_MS = 50;
/** A broker is looked at so often. */
const LOOK_MS = 500;

/** A page whose server tells something every half second, and whose frames are drawn. */
class Page {
  readonly history: History;
  readonly player: Player;
  now = 0;
  #seq = 0;

  constructor(limits?: ConstructorParameters<typeof History>[1]) {
    this.history = new History(initialState(), limits);
    this.player = new Player(this.history, true);
  }

  /** Lets so many seconds pass; returns the events that were shown at its frames. */
  pass(seconds: number): number[] {
    const shown: number[] = [];
    for (const until = this.now + 1000 * seconds; this.now < until; this.now += FRAME_MS) {
      if (this.now % LOOK_MS === 0) {
        this.#seq += 1;
        const mode = { draw: 'each', rate: 0, oneIn: 1 };
        const event = { seq: this.#seq, t: this.now, k: 'mode', mode } as Ev;
        this.player.hear(event, this.now);
        this.history.append(event, 100);
      }
      this.player.tick(this.now);
      shown.push(this.player.state.seq);
    }
    return [...new Set(shown)];
  }
}

/** From the first number, each one more than the one before. */
const inTurn = (numbers: number[]) => numbers.map((_, i) => (numbers[0] ?? 0) + i);

test.each([20, 70])('after a pause of %d s it goes on where it stopped, event by event', (s) => {
  const page = new Page();
  page.pass(90);
  const { seq } = page.player.state;
  page.player.pause();
  expect(page.pass(s)).toEqual([seq]);
  page.player.resume();
  const shown = page.pass(120); // a quarter as fast: 30 s of it, of which there are two a second
  expect(shown.slice(0, 2)).toEqual([seq, seq + 1]);
  expect(shown).toEqual(inTurn(shown));
  expect(shown.length).toBeGreaterThan(58);
});

test('the replay of the last minute is played to its end', () => {
  const page = new Page();
  page.pass(200);
  const last = page.player.state.seq;
  page.player.replay(60_000);
  const shown = page.pass(241);
  expect(shown).toEqual(inTurn(shown));
  expect(shown.at(-1)).toBeGreaterThanOrEqual(last);
});

test('while nobody looks at what is new, it keeps no more than its bounds, and then leaps', () => {
  const page = new Page({ ms: 60_000, events: 2000, bytes: 32 * 1024 * 1024 });
  page.pass(90);
  page.player.pause();
  page.pass(2000);
  expect(page.history.events.length).toBeLessThanOrEqual(2000);
  page.player.resume();
  page.pass(1);
  const { seq } = page.player.state;
  expect(seq).toBeGreaterThanOrEqual(page.history.base.seq);
  const shown = page.pass(60);
  expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  expect(shown.length).toBeGreaterThan(28);
});

test('a recording is never live, also when it has played to its end', () => {
  const page = new Page();
  page.pass(10);
  page.player.playsRecording();
  page.player.replay(Number.POSITIVE_INFINITY);
  for (let t = 0; t < 100_000; t += FRAME_MS) page.player.tick(page.now + t);
  expect(page.player.phase).toBe('paused');
  page.player.live();
  expect(page.player.phase).toBe('paused');
});
