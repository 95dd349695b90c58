import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile, slopeOf } from './statistics.ts';

const number = fc.integer({ min: -1000, max: 1000 });
const moments = fc.uniqueArray(fc.nat(1000), { minLength: 2, maxLength: 50 });

test('samples on a line have its slope, whenever they were taken', () => {
  fc.assert(
    fc.property(number, number, moments, (rise, start, moments) => {
      const samples = moments.map((at) => ({ at, value: start + rise * at }));
      expect(slopeOf(samples)).toBeCloseTo(rise, 6);
    }),
  );
});

test('what goes up and comes down again does not grow', () => {
  const values = [5, 9, 12, 9, 5];
  expect(slopeOf(values.map((value, at) => ({ at, value })))).toBeCloseTo(0, 9);
});

test('a small growth is seen under a large noise', () => {
  const noise = [0, 20, 3, 17];
  const samples = Array.from({ length: 400 }, (_, at) => ({
    at,
    value: 0.5 * at + (noise[at % noise.length] ?? 0),
  }));
  expect(slopeOf(samples)).toBeCloseTo(0.5, 2);
});

test('half of the values do not exceed the median, all do not exceed the greatest', () => {
  const values = [9, 1, 8, 2, 100];
  expect([0.5, 0.8, 0.99, 1].map((share) => quantile(values, share))).toEqual([8, 9, 100, 100]);
});
