import { expect, test } from 'vitest';
import { align, appeared, matches, toLines } from './match.ts';
import { toShown } from './shown.ts';
import { parseValue } from './values.ts';

/** Lines from a text, one line a word. */
const words = (text: string) => (text === '' ? [] : text.split(' '));

/** The same as a page shows them. */
const shown = (text: string, ...values: string[]) =>
  toShown(
    words(text),
    values.map((value) => parseValue(value, 1)),
  );

test('what is shown and what was printed must be the same lines in the same order', () => {
  expect(matches(shown('a b'), words('a b'))).toBe(true);
  expect(matches(shown(''), words(''))).toBe(true);
  expect(matches(shown('a b'), words('b a'))).toBe(false);
});

test('a line that is missing and a line too many are both drift', () => {
  expect(matches(shown('a b'), words('a'))).toBe(false);
  expect(matches(shown('a'), words('a b'))).toBe(false);
  expect(matches(shown(''), words('a'))).toBe(false);
});

test.for([
  ['… b', 'b', true],
  ['… b', 'x y b', true],
  ['a …', 'a x y', true],
  ['…', '', true],
  ['a … b … c', 'a 1 b 2 c', true],
  ['a … b', 'a 1 2', false],
  ['… b', 'x b y', false],
] as const)('alone on a line … is any lines: %s shows %s: %s', ([left, printed, right]) => {
  expect(matches(toShown(words(left)), words(printed))).toBe(right);
});

test('only control sequences and white space at the ends of lines are passed over', () => {
  expect(toLines('\x1b[2K a\n\x1b[38;5;214mb [1]\x1b[0m\n')).toEqual([' a', 'b [1]']);
  expect(toLines('a \t\r\n\n  b\n')).toEqual(['a', '', '  b']);
  expect(toLines('1%\r2%')).toEqual(['1%2%']);
  expect(toLines('')).toEqual([]);
  expect(matches(toShown(['a']), ['a '])).toBe(false);
});

test('running output has appeared as soon as all that is shown is there, and no later', () => {
  expect(appeared(shown('a b'), words('a'))).toBe(undefined);
  expect(appeared(shown('a b'), words('a b c'))).toBe(2);
  expect(appeared(shown('… b'), words('x b b'))).toBe(2);
  expect(appeared([], words('a'))).toBe(0);
});

test('a … at the end takes all that has been printed', () => {
  expect(appeared(shown('a …'), words('a b c'))).toBe(3);
});

test('a line that may be repeated is looked for as often as it may come', () => {
  const repeated = (printed: string) => matches(shown('a b c', 'b: 0 to 2 lines'), words(printed));
  expect(['a c', 'a b c', 'a b b c'].map(repeated)).toEqual([true, true, true]);
  expect(['a b b b c', 'b c', 'a'].map(repeated)).toEqual([false, false, false]);
  expect(matches(shown('a', 'a: 2 to 3 lines'), words('a'))).toBe(false);
  expect(appeared(shown('a b', 'b: 0 to 2 lines'), words('a b b b'))).toBe(3);
});

test.for([
  ' [!] Lost broker:5672',
  'TypeError: x is not a function',
  'ERROR: for broker',
  'error: unknown option',
  '2026-11-21 14:05:33.1 [error] <0.9.0> closing',
  '    at file:///lab/consumer/01-hello.ts:9:15',
  '    at work (/lab/consumer/02-work-queue.ts:38:9)',
  'Traceback (most recent call last):',
  'lab_broker_1   docker-entrypoint.sh   Exit 137',
  'Exited (1) 3 seconds ago',
  'consumer-1 exited with code 1',
])('no … stands for %j', (trouble) => {
  expect(matches(toShown(['a', '…']), ['a', trouble])).toBe(false);
  expect(matches(toShown(['…']), ['a', trouble, 'b'])).toBe(false);
  expect(matches(toShown(['…', trouble, '…']), ['a', trouble, 'b'])).toBe(true);
});

test.for([
  " [x] Received 'error':'The disk is full'",
  'queue errors',
  ' [!] SIGTERM: closing in order.',
  'make: *** [Makefile:62: consume] Error 1',
  'Exit 0',
  'consumer-1 exited with code 0',
])('%j tells of no trouble', (line) => {
  expect(matches(toShown(['…']), [line])).toBe(true);
});

/** What a comparison shows of each row. */
function comparison(left: string, printed: string, ...values: string[]) {
  return align(shown(left, ...values), words(printed)).map((row) => ({
    kind: row.kind,
    ...('shown' in row && { shown: row.shown.text }),
    ...('printed' in row && { printed: row.printed }),
    ...('lines' in row && { lines: row.lines }),
  }));
}

test('a comparison names the lines that are missing, extra or changed, and nothing else', () => {
  expect(comparison('a b … e f', 'a X c d e f g')).toEqual([
    { kind: 'same', shown: 'a', printed: 'a' },
    { kind: 'missing', shown: 'b' },
    { kind: 'extra', printed: 'X' },
    { kind: 'cut', shown: '…', lines: ['c', 'd'] },
    { kind: 'same', shown: 'e', printed: 'e' },
    { kind: 'same', shown: 'f', printed: 'f' },
    { kind: 'extra', printed: 'g' },
  ]);
});

test('a comparison names the trouble in a cut, and the line that need not be there', () => {
  expect(comparison('… z', 'a TypeError b z')).toEqual([
    { kind: 'cut', shown: '…', lines: ['a'] },
    { kind: 'extra', printed: 'TypeError' },
    { kind: 'cut', shown: '…', lines: ['b'] },
    { kind: 'same', shown: 'z', printed: 'z' },
  ]);
  expect(comparison('a b c', 'a c', 'b: 0 to 1 lines')).toEqual([
    { kind: 'same', shown: 'a', printed: 'a' },
    { kind: 'absent', shown: 'b' },
    { kind: 'same', shown: 'c', printed: 'c' },
  ]);
});
