import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALL_KINDS, makeSchedule } from './schedule.ts';

const seed = fc.integer();
const length = fc.nat(200);

test('the same seed makes the same schedule', () => {
  fc.assert(
    fc.property(seed, length, (seed, length) => {
      expect(makeSchedule(seed, length)).toEqual(makeSchedule(seed, length));
    }),
  );
});

test('a longer schedule begins as a shorter one of the same seed', () => {
  fc.assert(
    fc.property(seed, length, length, (seed, one, more) => {
      expect(makeSchedule(seed, one + more).slice(0, one)).toEqual(makeSchedule(seed, one));
    }),
  );
});

test('other seeds make other schedules', () => {
  const schedules = [1, 2, 3, 4, 5].map((seed) => JSON.stringify(makeSchedule(seed, 50)));
  expect(new Set(schedules).size).toBe(5);
});

test('every kind comes before one comes again', () => {
  fc.assert(
    fc.property(seed, (seed) => {
      const kinds = makeSchedule(seed, ALL_KINDS.length).map(({ kind }) => kind);
      expect(kinds.toSorted()).toEqual(ALL_KINDS.toSorted());
    }),
  );
});
