/** What bench/ makes of its rounds: medians, spreads and ratios. How fast anything is, no test says. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

test('the ratios in lessons/which-one.md are those of the last results', () => {
  const read = (path: string) =>
    readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
  const [, speeds = ''] = read('bench/RESULTS.md').split('**Messages a second (more is better)**');
  const lab = (row: string) => {
    const [, figure = ''] =
      new RegExp(`^\\| ${row} \\| [^|]+ \\| ([\\d,]+) `, 'm').exec(speeds) ?? [];
    expect(figure, row).not.toBe('');
    return Number(figure.replace(',', ''));
  };
  const sizes = ['12 B', '1 KB'];
  const modes = ['transient', 'persistent'];
  const range = (ratios: number[], digits: number) => {
    const [low, high] = [Math.min(...ratios), Math.max(...ratios)].map((r) => r.toFixed(digits));
    return low === high ? `${low}` : `${low} to ${high}`;
  };
  const windows = sizes.flatMap((size) =>
    modes.map((mode) => {
      const kind = `${size}, ${mode}`;
      return lab(`window 1000, ${kind}`) / lab(`one by one, ${kind}`);
    }),
  );
  const ways = ['window 1000', 'one by one'];
  const persistent = ways.flatMap((way) =>
    sizes.map((size) => lab(`${way}, ${size}, persistent`) / lab(`${way}, ${size}, transient`)),
  );
  const large = modes.map(
    (mode) => lab(`window 1000, 1 KB, ${mode}`) / lab(`window 1000, 12 B, ${mode}`),
  );
  const page = read('lessons/which-one.md');
  expect(page).toContain(`a window of 1,000 is ${range(windows, 0)} times as fast as one wait`);
  expect(page).toContain(`persistent: ${range(persistent, 1)} times as many as transient`);
  expect(page).toContain(`1 KB: ${range(large, 1)} times as many as with 12 bytes`);
});
