import { expect, test } from 'vitest';
import { audit } from './ledger.ts';
import { drawTable } from './picture.ts';
import type { Result } from './result.ts';
import { ROWS } from './rows.ts';
import { MARKS, makeTables, splitTable } from './table.ts';

/** One run in which all rows had the same sums. */
function run(experiment: string, version: string, lost: number, duplicated: number): Result {
  const totals = { ...audit([], []), lost, duplicated };
  const rows = Object.fromEntries(ROWS.map(({ name }) => [name, { totals, recoveryMs: 1 }]));
  return { experiment, title: experiment, what: '', takes: '', version, seed: 1, rows };
}

const notRun: Result = { ...run('d', '4.3', 0, 0), rows: {}, notRun: 'no loop device' };

/** The cells of the first row. */
const cellsOf = (...results: Result[]) => makeTables(results)[0]?.rows[0]?.cells;

test('a cell says what is worst: lost, else twice, else each once', () => {
  expect(
    cellsOf(run('a', '4.3', 3, 2), run('b', '4.3', 0, 2), run('c', '4.3', 0, 0), notRun),
  ).toEqual([
    { verdict: 'lost', words: '3 lost' },
    { verdict: 'twice', words: '2 twice' },
    { verdict: 'kept', words: 'each once' },
    { verdict: 'not run', words: 'not run' },
  ]);
});

test('what was returned to the producer is not lost', () => {
  const result = run('a', '4.3', 0, 0);
  for (const { totals } of Object.values(result.rows)) totals.returned = 7;
  expect(cellsOf(result)).toEqual([{ verdict: 'kept', words: '7 returned' }]);
});

test('of messages that nobody has confirmed a cell says how many came', () => {
  const result = run('a', '4.3', 0, 0);
  for (const { totals } of Object.values(result.rows)) {
    totals.unknown = 7;
    totals.recovered = 5;
  }
  expect(cellsOf(result)).toEqual([{ verdict: 'kept', words: '5 of 7 came' }]);
});

test('several runs of an experiment are one cell, with their spread', () => {
  expect(cellsOf(run('a', '4.3', 5, 0), run('a', '4.3', 0, 0), run('a', '4.3', 2, 9))).toEqual([
    { verdict: 'lost', words: '0 to 5 lost' },
  ]);
});

test('each version of the broker has a table', () => {
  const tables = makeTables([run('a', '3.10', 0, 0), run('a', '4.3', 1, 0)]);
  expect(tables.map(({ version }) => version)).toEqual(['3.10', '4.3']);
});

test('a wide table is shown in bands that are as wide as each other, or nearly', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const [table] = makeTables(names.map((name, lost) => run(name, '4.3', lost, 0)));
  const bands = table ? splitTable(table) : [];
  expect(bands.map(({ columns }) => columns.map(([{ title }]) => title).join(''))).toEqual([
    'abcde',
    'fghi',
  ]);
  expect(bands[1]?.rows[0]?.cells.map(({ words }) => words)).toEqual([
    '5 lost',
    '6 lost',
    '7 lost',
    '8 lost',
  ]);
});

test('the picture has a mark in each cell, never only a colour', () => {
  const results = [run('a', '4.3', 3, 2), run('b', '4.3', 0, 2), run('c', '4.3', 0, 0), notRun];
  const [picture = ''] = makeTables(results).map(drawTable);
  for (const mark of Object.values(MARKS)) {
    expect(picture.split(`>${mark} `)).toHaveLength(ROWS.length + 1);
  }
  expect(picture.match(/rx="3"/g)).toHaveLength(4 * ROWS.length);
});
