import { expect, test } from 'vitest';
import { isRight, troubleOf } from './judge.ts';
import { parsePage } from './parse.ts';

const RUNS = undefined;
const ENDED = 'the page leaves it running, and it had ended with status 0';
const DIED = 'the page leaves it running, and it had ended with status 1';
const BAD = 'exit status 1, and no `$ echo $?` after it that shows it';
const SHORT = 'it had ended before CTRL+C';

test.for([
  [['$ a', 'x'], '', ['x'], 0, undefined],
  [['$ a', 'x'], '', ['x'], 1, BAD],
  [['$ a', 'x'], '', ['x'], 130, BAD.replace('1', '130')],
  [['$ a', 'x'], '', ['x'], RUNS, 'it had not ended in time'],
  [['$ a', '$ echo $?'], '', [], 1, undefined],
  [['$ a', 'x', '^C'], '', ['x', '^C'], 0, undefined],
  [['$ a', 'x', '^C'], '', ['x', '^C'], 130, undefined],
  [['$ a', 'x', '^C'], '', ['x', '^C'], 1, BAD],
  [['$ a', 'x', '^C', '$ echo $?'], '', ['x', '^C'], 1, undefined],
  [['$ a', 'x', '^C'], '', ['x'], 0, SHORT],
  [['$ a', 'x'], 'w', ['x'], RUNS, undefined],
  [['$ a', 'x'], 'w', ['x'], 0, ENDED],
  [['$ a', 'x'], 'w', ['x'], 1, DIED],
  [['$ a', 'x', '$ echo $?'], 'w', ['x'], 0, undefined],
] as const)('of %j in terminal %j, that printed %j with status %s: %s', (row) => {
  const [lines, terminal, printed, status, trouble] = row;
  const [step] = parsePage([`\`\`\`console ${terminal}`, ...lines, '```'].join('\n'));
  if (!step) throw new Error('no step');
  const played = { step, printed: [...printed], status };
  expect(troubleOf(played)).toBe(trouble);
  expect(isRight(played)).toBe(trouble === undefined);
});
