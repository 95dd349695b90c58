import { expect, test } from 'vitest';
import { parsePage } from './parse.ts';
import { breaksOf, missed } from './sabotage.ts';

/** The breaks of a page of one block, that printed what it shows. */
function breaks(
  terminal: string,
  comment: string[],
  lines: string[],
  printed: string[],
  status?: number,
) {
  const page = ['<!-- also right', ...comment, '-->', `\`\`\`console ${terminal}`, ...lines, '```'];
  const [step] = parsePage(page.join('\n'));
  if (!step) throw new Error('no step');
  return breaksOf([{ step, printed, status }]);
}

const words = (planted: ReturnType<typeof breaks>) => planted.map(({ what }) => what);

test('each shown line is lost, doubled, swapped, and each of its numbers is another one', () => {
  const planted = breaks('', [], ['$ a', 'b 7 0', 'c'], ['b 7 0', 'c'], 0);
  expect(words(planted)).toEqual([
    '`b 7 0` became `b 0 0`',
    '`b 7 0` became `b 70 0`',
    '`b 7 0` became `b 7 10`',
    'lost: `b 7 0`',
    'doubled: `b 7 0`',
    'swapped with the next: `b 7 0`',
    'lost: `c`',
    'doubled: `c`',
    expect.stringMatching(/^added: ` \[!\]/),
    expect.stringMatching(/^added: `TypeError/),
    expect.stringMatching(/^added: ` {4}at /),
    'its status was 1',
  ]);
  expect(missed(planted)).toEqual([]);
});

test('a number of a name, a version or an address is none', () => {
  const line = 'worker-1 at 10.0.0.1:5672, 3.10.8, 14:05:33';
  expect(words(breaks('', [], ['$ a', line], [line], 0))).not.toContainEqual(
    expect.stringMatching(/became/),
  );
});

test('what a page lets pass is missed, and told with the line of the page and the excuse', () => {
  const planted = breaks('', ['7: 0 to 80'], ['$ a', '7', '…'], ['7', 'x'], 0);
  expect(missed(planted)).toMatchObject([
    { line: 5, what: '`7` became `0`', excuse: 'in its range' },
    { line: 5, what: '`7` became `70`', excuse: 'in its range' },
    { line: 5, what: 'doubled: `7`', excuse: 'beside a cut' },
  ]);
});

test('a value is broken beyond each of its bounds, and a line that may be repeated comes too often', () => {
  const planted = breaks('', ['7: 2 to 80', 'b: 1 to 3 lines'], ['$ a', '7', 'b'], ['7', 'b'], 0);
  expect(words(planted)).toEqual(
    expect.arrayContaining([
      '`7` became `1`, which is out of its range',
      '`7` became `81`, which is out of its range',
      '3 times more: `b`',
    ]),
  );
  expect(missed(planted)).toMatchObject([
    { what: '`7` became `70`', excuse: 'in its range' },
    { what: 'doubled: `b`', excuse: 'that many lines' },
  ]);
});

test.for([
  [
    'a word',
    ['a1 2: any text'],
    ['$ a', 'x a1 2'],
    ['x b 9'],
    '`x b 9` became `x b 0`',
    'any text',
  ],
  [
    'a line that may be missing',
    ['b: 0 to 1 lines'],
    ['$ a', 'b'],
    ['b'],
    'lost: `b`',
    'that many lines',
  ],
  ['a line that a cut gives again', [], ['$ a', 'b', '…'], ['b', 'b'], 'lost: `b`', 'beside a cut'],
  [
    'two lines alike',
    ['1: a word', '2: a word'],
    ['$ a', 'b 1', 'b 2'],
    ['b x', 'b y'],
    'swapped with the next: `b x`',
    'alike',
  ],
] as const)('the excuse for %s', ([, comment, lines, printed, what, excuse]) => {
  const planted = breaks('', [...comment], [...lines], [...printed], 0);
  expect(missed(planted)).toContainEqual(expect.objectContaining({ what, excuse }));
});

test('a value that a cut would take, out of its range or not, contradicts the page', () => {
  const comment = ['7: 2 to 8', 'b 7: 0 to 1 lines'];
  const planted = breaks('', comment, ['$ a', 'b 7', '…'], ['b 7'], 0);
  expect(missed(planted)).toContainEqual(
    expect.objectContaining({ what: '`b 7` became `b 0`', excuse: undefined }),
  );
});
