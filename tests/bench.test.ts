/** What bench/ makes of its rounds: medians, spreads and ratios. How fast anything is, no test says. */
import { expect, test } from 'vitest';
import { median, quantile, ratio, spread } from '../bench/statistics.ts';

test('the median is the middle value, and between two the mean of them', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([1, 2, 4, 100])).toBe(3);
});

test('99 of 100 values are at most the 0.99 quantile', () => {
  const values = Array.from({ length: 101 }, (_, index) => 100 - index);
  expect(quantile(values, 0.99)).toBe(99);
  expect(quantile(values, 0)).toBe(0);
  expect(quantile(values, 1)).toBe(100);
});

test('the spread is half of the way from the lowest to the highest, as a share of the median', () => {
  expect(spread([80, 100, 120])).toBeCloseTo(0.2);
  expect(spread([7])).toBe(0);
});

test('a ratio pairs the rounds: a slow round weighs on both clients and falls out', () => {
  const slowInTheSecondRound = [100, 10, 100];
  expect(ratio([90, 9, 90], slowInTheSecondRound)).toBeCloseTo(0.9);
  expect(ratio([9, 90, 90], [10, 100, 100])).toBeCloseTo(0.9);
});

test('rounds that have no partner are refused', () => {
  expect(() => ratio([1, 2], [1])).toThrow("2 rounds can't be paired with 1.");
});
