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

test('what a page lets pass is missed, and told with the line of the page', () => {
  const planted = breaks('', ['7: 0 to 80'], ['$ a', '7', '…'], ['7', 'x'], 0);
  expect(missed(planted)).toMatchObject([
    { line: 5, what: '`7` became `0`' },
    { line: 5, what: '`7` became `70`' },
    { line: 5, what: 'doubled: `7`' },
  ]);
});

test('a program that CTRL+C ends, or that runs on, ends by itself', () => {
  const pressed = breaks('', [], ['$ a', 'b', '^C'], ['b', '^C'], 130);
  expect(words(pressed)).toContain('it ended before CTRL+C');
  const running = breaks('w', [], ['$ a', 'b'], ['b']);
  expect(words(running)).toContain('it ended by itself');
  expect(missed([...pressed, ...running])).toEqual([]);
});

test('trouble is added also where nothing is shown', () => {
  const quiet = breaks('', [], ['$ make up'], ['Building'], 0);
  expect(words(quiet)).toHaveLength(4);
  expect(missed(quiet)).toEqual([]);
});
