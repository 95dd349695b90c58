import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LAB_BREAKS, planTrials } from './lab-breaks.ts';

const ROOT = join(import.meta.dirname, '../..');

test.for(LAB_BREAKS)(
  '$what: there are such pages, and one place to break',
  ({ lessons, file, from, to }) => {
    const missing = lessons.filter((name) => !existsSync(join(ROOT, `lessons/${name}.md`)));
    expect(missing).toEqual([]);
    expect(readFileSync(join(ROOT, file), 'utf8').split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
  },
);

test('each seed has its own order of the same trials', () => {
  const plan = (seed: string) => planTrials(['02-work-queue'], seed);
  expect(plan('1')).toEqual(plan('1'));
  expect(plan('1')).not.toEqual(plan('2'));
  expect(new Set(plan('1'))).toEqual(new Set(plan('2')));
  expect(plan('1').every(({ lesson }) => lesson === '02-work-queue')).toBe(true);
});
