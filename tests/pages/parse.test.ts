import { expect, test } from 'vitest';
import { matches } from './match.ts';
import { isOpen } from './open.ts';
import { parsePage } from './parse.ts';

/** A page of `console` blocks, each given by its info string's further words and its lines. */
function page(...blocks: [string, ...string[]][]): string {
  return blocks
    .map(([words, ...lines]) => ['```console'.concat(words), ...lines, '```'].join('\n'))
    .join('\n');
}

test('a command has the lines after it as its output, up to the next command', () => {
  const steps = parsePage(`# Title\n\n${page(['', '$ seq 1 2', '1', '2', '$ true'])}\n`);
  expect(steps).toMatchObject([
    { command: 'seq 1 2', output: ['1', '2'], line: 4, outputLine: 5, terminal: '' },
    { command: 'true', output: [], line: 7, outputLine: 8, terminal: '' },
  ]);
});

test('only blocks marked `console` are run', () => {
  const steps = parsePage(`\`\`\`sh\n$ rm -rf x\n\`\`\`\n\n    $ indented\n${page(['', '$ ls'])}`);
  expect(steps.map(({ command }) => command)).toEqual(['ls']);
});

test('a block within a list is found, with what stands before its lines', () => {
  const steps = parsePage('1. so:\n\n   ```console\n   $ ls\n     a\n   ```\n');
  expect(steps).toMatchObject([{ command: 'ls', output: ['  a'], indent: '   ', outputLine: 5 }]);
});

test('a second word names another terminal', () => {
  const steps = parsePage(page([' worker-1', '$ a'], ['', '$ b']));
  expect(steps.map(({ terminal }) => terminal)).toEqual(['worker-1', '']);
});

test('a line with `> ` continues a command that is open, and is output after one that is not', () => {
  const steps = parsePage(page(['', '$ a \\', '> b', '> c', '$ cat <<E', '>', '> x', '> E', 'x']));
  expect(steps).toMatchObject([
    { command: 'a \\\nb', output: ['> c'] },
    { command: 'cat <<E\n\nx\nE', output: ['x'], outputLine: 9 },
  ]);
});

test.for([
  'a \\',
  "a 'b",
  'a "b \\"',
  'cat <<E',
  "cat <<-'E' | wc\n\tx",
  'cat <<A <<B\nA',
  'cat <<E\nit\'s "\nE2',
])('bash would ask for more after %j', (command) => {
  expect(isOpen(command)).toBe(true);
});

test.for([
  'a \\\\',
  `a 'b' "c'"`,
  'cat <<E\nit\'s "\nE',
  'cat <<-E\n\t E\n\tE',
  'cat <<<E',
  "ls # it's",
  'echo $((1<2)) a#b',
])('bash would run %j at once', (command) => {
  expect(isOpen(command)).toBe(false);
});

test('a block that begins with output continues the command that its terminal runs', () => {
  const steps = parsePage(page([' w', '$ serve', 'up'], ['', '$ ls'], [' w', 'request', '^C']));
  expect(steps).toMatchObject([
    { command: 'serve', leftRunning: true },
    { command: 'ls', leftRunning: false },
    { command: undefined, output: ['request', '^C'], line: 9, outputLine: 9 },
  ]);
});

test('the last command of a named terminal may run on, unless it is ended or only looks', () => {
  const named = page([' u', '$ serve'], [' v', '$ serve', '^C'], [' w', '$ make queues']);
  const ended = page([' x', '$ serve', '$ echo $?']);
  const steps = parsePage(`${named}\n${ended}\n${page(['', '$ serve'])}`);
  const leftRunning = steps.map((step) => step.leftRunning);
  expect(leftRunning).toEqual([true, false, false, false, false, false]);
  expect(steps.map(({ last }) => last)).toEqual([true, true, true, false, true, true]);
});

test('where only the lab is changed and nothing is shown, any progress is right', () => {
  const steps = parsePage(page(['', '$ make up', '$ make up', 'a', '$ ls']));
  expect(steps.map(({ quiet }) => quiet)).toEqual([true, false, false]);
  const [quiet, shown, other] = steps.map((step) => (line: string) => matches(step.shown, [line]));
  expect([quiet?.('Building'), shown?.('Building'), other?.('Building')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(quiet?.('ERROR: no such service')).toBe(false);
});

test('what comes after CTRL+C is compared only if the page shows some of it', () => {
  const steps = parsePage(page(['', '$ a', 'b', '^C', '$ a', 'b', '^C', 'c']));
  const fits = (...lines: string[]) => steps.map(({ shown }) => matches(shown, lines));
  expect(fits('b', '^C', 'c')).toEqual([true, true]);
  expect(fits('b', '^C', 'd')).toEqual([true, false]);
  expect(fits('b', '^C', 'TypeError')).toEqual([false, false]);
});

/** A comment that says what else is right, and a block after it. */
const commented = (comment: string[], ...lines: string[]) =>
  ['<!-- also right', ...comment, '-->', page(['', ...lines])].join('\n');

test('the comment before a block says what else is right there, and nowhere else', () => {
  const steps = parsePage(
    `${commented(['7: 1 to 9'], '$ a', '7 ms')}\n\n${page(['', '$ b', '7 ms'])}`,
  );
  expect(steps.map((step) => matches(step.shown, ['8 ms']))).toEqual([true, false]);
  expect(steps.map((step) => matches(step.shown, ['10 ms']))).toEqual([false, false]);
});

test('in a list the comment stands in the list as well', () => {
  const markdown = `- so:\n\n${commented(['7: 1 to 9'], '$ a', '7').replace(/^/gm, '  ')}`;
  const [step] = parsePage(markdown);
  expect(step && matches(step.shown, ['8'])).toBe(true);
});

test('`echo $?` in the same terminal shows the status of the command before it', () => {
  const steps = parsePage(page(['', '$ a'], [' w', '$ b'], ['', '$ echo $?', '1']));
  expect(steps.map(({ statusShown }) => statusShown)).toEqual([true, false, false]);
});

test.for<[string, number, RegExp]>([
  ['# A title\n', 1, /no `console` block/],
  [page(['', 'output']), 2, /output without a `\$ command`/],
  [`\n${page([' two words', '$ ls'])}`, 2, /one word, got "two words"/],
  [page(['', '$ a', 'b', 'c …']), 4, /`…` stands alone on a line/],
  ['```console\n```', 1, /empty/],
  ['\n```console\n$ ls\n', 2, /not closed/],
  [commented(['7: 1 to 9'], '$ a', '17 and 7.5'), 2, /doesn't show `7`/],
  [commented(['', '7 ms'], '$ a', '7 ms'), 3, /`SHOWN: KIND` is expected/],
  [commented(['7: a number'], '$ a', '7'), 2, /`a number` is not one of `A to B`/],
  [commented(['7: 8 to 9'], '$ a', '7'), 2, /`7` is shown, and is not itself `8 to 9`/],
  [`${page(['', '$ a'])}\n\n<!-- also right\n7: 1 to 9\n-->\n\nText`, 5, /right before the/],
])('the page %j is refused at line %i', ([markdown, line, message]) => {
  expect(() => parsePage(markdown)).toThrow(
    expect.objectContaining({ line, message: expect.stringMatching(message) }),
  );
});
