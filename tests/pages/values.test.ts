import { expect, test } from 'vitest';
import { toShown } from './shown.ts';
import { parseValue } from './values.ts';

const ID = 'c0ffee123abc';

test.for([
  // A number.
  ['took 37 ms', '37: 1 to 60', 'took 60 ms', true],
  ['took 37 ms', '37: 1 to 60', 'took 0 ms', false],
  ['took 37 ms', '37: 1 to 60', 'took 370 ms', false],
  ['took 37 ms', '37: 1 to 60', 'took 5.5 ms', false],
  ['took 0.4 s', '0.4: 0 to 1.5', 'took 1.5 s', true],
  ['took 0.4 s', '0.4: 0 to 1.5', 'took 1.6 s', false],
  ['took 37 ms', '37: 1 to 60', 'takes 37 ms', false],
  // A list.
  ['[a, a-2, b]', 'a, a-2, b: in any order', '[b, a, a-2]', true],
  ['[a, a-2, b]', 'a, a-2, b: in any order', '[b, a, a]', false],
  ['[a, a-2, b]', 'a, a-2, b: in any order', '[b, a]', false],
  ['[a, a-2, b]', 'a, a-2, b: in any order', '[b, a, a-2, c]', false],
  // A date.
  [
    'until Nov 18 18:21:16 2036 GMT',
    'Nov 18 18:21:16 2036: a time',
    'until Dec  3 01:02:03 2036 GMT',
    true,
  ],
  ['Nov 21 18:21 ca.key', 'Nov 21 18:21: a time', 'Nov 0 18:21 ca.key', false],
  ['Nov 21 18:21 ca.key', 'Nov 21 18:21: a time', 'Nov 210 18:21 ca.key', false],
  // A whole word or number, wherever it stands.
  ['3 of 37, 37', '37: 1 to 60', '3 of 1, 2', true],
  ['1.37 37', '37: 1 to 60', '1.2 37', false],
  ['a37 37', '37: 1 to 60', 'a38 37', false],
  // Set apart from what stands around it.
  ['ready 1, consumers 1', 'ready {1}: 0 to 9', 'ready 8, consumers 1', true],
  ['ready 1, consumers 1', 'ready {1}: 0 to 9', 'ready 1, consumers 8', false],
  // The longest piece first.
  ['1 ms 1', '{1} ms: 1 to 9', '2 ms 1', true],
  ['1 ms 1', '{1} ms: 1 to 9', '1 ms 2', false],
  // A column.
  ['hello  37         0', '37: 1 to 600', 'hello  123        0', true],
  ['hello  37         0', '37: 1 to 600', 'hello  123        1', false],
  ['hello  37 0', '37: 1 to 600', 'hello  1230', false],
  ['      7 lines', '7: 1 to 99', '     12 lines', true],
  // Other kinds.
  ['at 14:05:33', '14:05:33: a time', 'at 23:59:59', true],
  ['at 14:05:33', '14:05:33: a time', 'at 77:59:59', false],
  ['2026-11-21 14:05:33.123', '2026-11-21 14:05:33.123: a time', '2027-01-01 00:00:00.1', true],
  [ID, `${ID}: a container id`, '0123456789ab', true],
  [ID, `${ID}: a container id`, '0123456789', false],
  ['from 172.18.0.3:40112', '172.18.0.3:40112: an address', 'from 10.0.0.1:5', true],
  ['from 172.18.0.3', '172.18.0.3: an address', 'from here', false],
  ['amq.gen-a_B1 is', 'amq.gen-a_B1: a word', 'amq.gen-x is', true],
  ['amq.gen-a_B1 is', 'amq.gen-a_B1: a word', 'amq.gen x is', false],
  ['to worker-1', 'worker-1: one of worker-1 | worker-2', 'to worker-2', true],
  ['It ended.', 'It ended.: one of It ended. | It says: no.', 'It says: no.', true],
  ['It ended.', 'It ended.: one of It ended. | It says: no.', 'It says: yes.', false],
  ['<<"GET', '<<"GET: one of <<"GET | HTTP request', 'HTTP request', true],
  ['to worker-1', 'worker-1: one of worker-1 | worker-2', 'to worker-3', false],
  ['so: a reason.', 'a reason: any text', 'so: another one.', true],
  ['so: a reason.', 'a reason: any text', 'so: a TypeError.', false],
] as const)('%j with %j is printed as %j: %s', ([text, value, printed, right]) => {
  const [line] = toShown([text], [parseValue(value, 1)]);
  expect(line?.fits(printed)).toBe(right);
});

test('of two pieces in one place the longer one counts, and a shorter one elsewhere', () => {
  const values = ['12: 1 to 20', '12 ms: one of 12 ms | 99 ms'].map((row) => parseValue(row, 1));
  const [line] = toShown(['12 of 12 ms'], values);
  expect(['13 of 99 ms', '13 of 13 ms'].map((text) => line?.fits(text))).toEqual([true, false]);
});

test('a line is told whose value alone is not right', () => {
  const [line] = toShown(['took 37 ms'], [parseValue('37: 1 to 60', 1)]);
  expect(
    ['took 61 ms', 'took 60 ms', 'it took 61 ms'].map((text) => line?.fitsBadly(text)),
  ).toEqual([true, false, false]);
});

test('between two values of a row the spaces may differ', () => {
  const values = ['hello  {3}: 1 to 99', '{4}  consumers: 1 to 99'].map((row) =>
    parseValue(row, 1),
  );
  const [line] = toShown(['hello  3        4  consumers'], values);
  const printed = [
    'hello  12       4  consumers',
    'hello  3    45 consumers',
    'hello  345  consumers',
  ];
  expect(printed.map((text) => line?.fits(text))).toEqual([true, true, false]);
});
