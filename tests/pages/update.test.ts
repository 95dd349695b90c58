import { expect, test } from 'vitest';
import { parsePage } from './parse.ts';
import { toShown } from './shown.ts';
import { outOfRange, updateOutput, updatePage } from './update.ts';
import { parseValue } from './values.ts';

const toValues = (values: string[]) => values.map((value) => parseValue(value, 1));

test.for([
  ['output that matches stays, marks included', 'id-7 … z', 'id-7 x y z', 'id-7 … z'],
  ['a changed line becomes the real one', 'a b c', 'a X c', 'a X c'],
  ['a missing line goes', 'a b c', 'a c', 'a c'],
  ['a new line comes', 'a c', 'a b c', 'a b c'],
  ['marks stay where they still match', 'a b … d', 'a B c d', 'a B … d'],
  ['a changed last line is not lost in the mark before it', '… old', '1 2 new', '… new'],
  ['CTRL+C stays', 'a ^C b', 'A ^C B', 'A ^C B'],
  ['a value that is still right stays', 'id-7 12 old', 'id-9 60 new', 'id-7 12 new'],
  ['a line that may be absent stays', 'a maybe b', 'a B', 'a maybe B'],
  ['a line that may be repeated stands there once', 'a maybe b', 'a maybe maybe b', 'a maybe b'],
  ['a line of trouble is cut out of a cut', '… z', 'a TypeError b z', '… TypeError … z'],
] as const)('%s', ([, left, printed, output]) => {
  const values = toValues(['id-7: one of id-7 | id-9', '12: 1 to 60', 'maybe: 0 to 2 lines']);
  expect(updateOutput(toShown(left.split(' '), values), printed.split(' '))).toEqual(
    output.split(' '),
  );
});

test('what a page passes over is not written into it', () => {
  const markdown = ['```console', '$ make up', '$ a', 'b', '^C', '```', ''].join('\n');
  const printed = [['Building'], ['b', '^C', 'c']];
  const played = parsePage(markdown).map((step, i) => ({ step, printed: printed[i] ?? [] }));
  expect(updatePage(markdown, played)).toBe(markdown);
});

test.for([
  ['12', '61', ['61']],
  ['took 12 ms', 'took 0 ms', ['took 0 ms']],
  ['took 12 ms', 'took 60 ms', []],
  ['took 12 ms', 'it took 70 ms', []],
  ['maybe', 'maybe maybe maybe', ['maybe']],
] as const)('of %j what is out of its range is told: %j', ([left, printed, lines]) => {
  const values = toValues(['12: 1 to 60', 'maybe: 0 to 2 lines']);
  const [step] = parsePage('```console\n$ a\n```');
  if (!step) throw new Error('no step');
  const rows = left === 'maybe' ? printed.split(' ') : [printed];
  const bad = outOfRange({ step: { ...step, shown: toShown([left], values) }, printed: rows });
  expect(bad).toEqual(lines);
});

test('a printed line cannot become a command or close the block', () => {
  expect(updateOutput([], ['$ rm x', '```', '$5'])).toEqual(['…', '…', '$5']);
});

test('commands, prose and other blocks are untouched, and a block in a list keeps its place', () => {
  const page = (first: string[], second: string[]) =>
    ['# t', '```console', '$ a', ...first, '$ b', '```', 'text', '- x', '  ```console', '  $ c']
      .concat(second)
      .concat(['  ```', '```sh', '$ a', 'old', '```', ''])
      .join('\n');
  const markdown = page(['old', 'old'], ['  old']);
  const printed = [['1', '2', '3'], [], ['x', '', 'y']];
  const played = parsePage(markdown).map((step, i) => ({ step, printed: printed[i] ?? [] }));
  expect(updatePage(markdown, played)).toBe(page(['1', '2', '3'], ['  x', '', '  y']));
});
