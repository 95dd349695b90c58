import { expect, test } from 'vitest';
import { align, appeared, matches, toLines } from './match.ts';

/** Lines from a text, one line a word. */
const words = (text: string) => (text === '' ? [] : text.split(' '));

test('what is shown and what was printed must be the same lines in the same order', () => {
  expect(matches(words('a b'), words('a b'))).toBe(true);
  expect(matches(words(''), words(''))).toBe(true);
  expect(matches(words('a b'), words('b a'))).toBe(false);
});

test('a line that is missing and a line too many are both drift', () => {
  expect(matches(words('a b'), words('a'))).toBe(false);
  expect(matches(words('a'), words('a b'))).toBe(false);
  expect(matches(words(''), words('a'))).toBe(false);
});

test.for([
  ['id-…', 'id-42', true],
  ['id-…', 'id-', true],
  ['…s', '0.4s', true],
  ['a…b…c', 'a1b2c', true],
  ['a…b…c', 'acb', false],
  ['ab…bc', 'abc', false],
  ['a…', 'ba', false],
  ['a….', 'a.b', false],
  ['a …     b', 'a 123   b', true],
  ['a …     b', 'a 12345678 b', true],
  ['a …     b', 'a 123b', false],
  ['a     …', 'a 123', false],
] as const)('within a line … is any text: %s shows %s: %s', ([shown, printed, right]) => {
  expect(matches([shown], [printed])).toBe(right);
});

test.for([
  ['… b', 'b', true],
  ['… b', 'x y b', true],
  ['a …', 'a x y', true],
  ['…', '', true],
  ['a … b … c', 'a 1 b 2 c', true],
  ['a … b', 'a 1 2', false],
  ['… b', 'x b y', false],
] as const)('alone on a line … is any lines: %s shows %s: %s', ([shown, printed, right]) => {
  expect(matches(words(shown), words(printed))).toBe(right);
});

test('only carriage returns and white space at the ends of lines are passed over', () => {
  expect(toLines('a \t\r\n\n  b\n')).toEqual(['a', '', '  b']);
  expect(toLines('1%\r2%')).toEqual(['1%2%']);
  expect(toLines('')).toEqual([]);
  expect(matches(['a'], ['a '])).toBe(false);
});

test('running output has appeared as soon as all that is shown is there, and no later', () => {
  expect(appeared(words('a b'), words('a'))).toBe(undefined);
  expect(appeared(words('a b'), words('a b c'))).toBe(2);
  expect(appeared(words('… b'), words('x b b'))).toBe(2);
  expect(appeared([], words('a'))).toBe(0);
});

test('a … at the end takes all that has been printed', () => {
  expect(appeared(words('a …'), words('a b c'))).toBe(3);
});

test('a comparison names the lines that are missing, extra or changed, and nothing else', () => {
  const rows = align(words('a b … e f'), words('a X c d e f g'));
  expect(rows).toEqual([
    { kind: 'same', shown: 'a', printed: 'a' },
    { kind: 'missing', shown: 'b' },
    { kind: 'extra', printed: 'X' },
    { kind: 'any', lines: ['c', 'd'] },
    { kind: 'same', shown: 'e', printed: 'e' },
    { kind: 'same', shown: 'f', printed: 'f' },
    { kind: 'extra', printed: 'g' },
  ]);
});
