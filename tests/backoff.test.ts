/** The pause before the next attempt to connect: a calculation without a clock. */
import { expect, test } from 'vitest';
import { channelDelay, reconnectDelay } from '../broker/client/backoff.ts';

/** How many attempts fall into the first `limitMs` while nothing answers. */
function attemptsWithin(limitMs: number): number {
  let attempts = 0;
  for (let waited = 0; waited < limitMs; waited += reconnectDelay(waited, 0, 0.5)) attempts += 1;
  return attempts;
}

test('while nothing answers, the pause is short against the time already waited', () => {
  for (const waited of [7_000, 60_000, 600_000]) {
    expect(reconnectDelay(waited, 0, 1)).toBeLessThan(waited / 15);
  }
});

// A broker needs some ten seconds to start. It was more than half a second after those.
test('a broker that is back within ten seconds is met a third of a second later at most', () => {
  for (const waited of [0, 1000, 5000, 10_000]) {
    expect(reconnectDelay(waited, 0, 1)).toBeLessThan(334);
  }
});

test('in a minute a broker that is away draws two attempts a second at most', () => {
  expect(attemptsWithin(60_000)).toBeLessThanOrEqual(120);
});

// C12: it was some two hundred.
test('a broker that is away draws at most four attempts a second, twenty in its first five', () => {
  expect(attemptsWithin(5000)).toBeLessThanOrEqual(20);
  expect(reconnectDelay(0, 0, 0.5)).toBe(250);
});

test('after an hour of waiting a client asks only every few seconds', () => {
  const hour = 3_600_000;
  expect(reconnectDelay(hour, 0, 0)).toBeGreaterThan(3000);
  expect(attemptsWithin(hour)).toBeLessThan(2000);
});

test('each drop in a row doubles the pause, up to a bound', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7].map((drops) => reconnectDelay(0, drops, 0.5));
  expect(delays).toEqual([250, 400, 800, 1600, 3200, 5000, 5000]);
});

test('a broker that drops each connection draws six in five seconds and seventeen in a minute', () => {
  const attempts = (withinMs: number) => {
    let count = 0;
    for (let at = 0; at < withinMs; at += reconnectDelay(0, count, 0.5)) count += 1;
    return count;
  };
  expect(attempts(5000)).toBeLessThanOrEqual(6);
  expect(attempts(60_000)).toBeLessThanOrEqual(17);
});

test('a channel that was in use is replaced at once, one that is refused more and more seldom', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 1e6].map((failures) => channelDelay(failures, 0.5));
  expect(delays).toEqual([10, 200, 400, 800, 1600, 3200, 5000, 5000]);
});

test('clients that lost the same broker do not come back at the same moment', () => {
  expect(reconnectDelay(0, 3, 0)).toBe(600);
  expect(reconnectDelay(0, 3, 1)).toBe(1000);
});

test('the pause stays within its bounds, however long the wait and however many the drops', () => {
  for (const waited of [0, 1, 1e3, 1e6, 1e12]) {
    for (const drops of [0, 1, 10, 1000, 1e6]) {
      expect(reconnectDelay(waited, drops, 0)).toBeGreaterThanOrEqual(187.5);
      expect(reconnectDelay(waited, drops, 1)).toBeLessThanOrEqual(6250);
    }
  }
});
