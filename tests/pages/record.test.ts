import { expect, test } from 'vitest';
import { parsePage } from './parse.ts';
import { fromRecord, toRecord } from './record.ts';

const page = (...lines: string[]) => parsePage(['```console', ...lines, '```'].join('\n'));

const played = page('$ a', '1', '$ b', '2').map((step, i) => {
  return { step, printed: [`${i + 1}`], status: 0 };
});

test('what was recorded is what was played, whatever the page shows by now', () => {
  const edited = page('$ a', 'one', '$ b');
  expect(fromRecord(edited, JSON.parse(JSON.stringify(toRecord(played))))).toEqual(
    edited.map((step, i) => ({ step, printed: [`${i + 1}`], status: 0 })),
  );
});

test('a program that was still running is so in the record', () => {
  const steps = parsePage('```console w\n$ serve\n```');
  const running = steps.map((step) => ({ step, printed: [], status: undefined }));
  expect(fromRecord(steps, JSON.parse(JSON.stringify(toRecord(running))))).toEqual(running);
});

test.for([
  ['another command', page('$ a', '$ c')],
  ['one command more', page('$ a', '$ b', '$ c')],
] as const)('%s is refused, with its line', ([, steps]) => {
  expect(() => fromRecord(steps, toRecord(played))).toThrow(
    expect.objectContaining({ line: steps.at(-1)?.line }),
  );
});

test('a record ends where the page could not go on', () => {
  const failed = played.slice(0, 1).map((step) => ({ ...step, status: 1 }));
  expect(fromRecord(page('$ a', '$ b'), toRecord(failed))).toHaveLength(1);
});
