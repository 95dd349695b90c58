import { expect, test } from 'vitest';
import { parsePage } from './parse.ts';
import { updateOutput, updatePage } from './update.ts';

test.for([
  ['output that matches stays, marks included', 'id-… … z', 'id-7 x y z', 'id-… … z'],
  ['a changed line becomes the real one', 'a b c', 'a X c', 'a X c'],
  ['a missing line goes', 'a b c', 'a c', 'a c'],
  ['a new line comes', 'a c', 'a b c', 'a b c'],
  ['marks stay where they still match', 'a-… b … d', 'a-1 B c d', 'a-… B … d'],
  ['a changed last line is not lost in the mark before it', '… old', '1 2 new', '… new'],
  ['CTRL+C stays', 'a ^C b', 'A ^C B', 'A ^C B'],
] as const)('%s', ([, shown, printed, output]) => {
  expect(updateOutput(shown.split(' '), printed.split(' '))).toEqual(output.split(' '));
});

test('a printed line cannot become a command or close the block', () => {
  expect(updateOutput([], ['$ rm x', '```', '$5'])).toEqual(['… rm x', '…', '$5']);
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
