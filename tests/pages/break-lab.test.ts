import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { LAB_BREAKS } from './lab-breaks.ts';

const BREAK_LAB = join(import.meta.dirname, 'break-lab.ts');
const ROOT = join(import.meta.dirname, '../..');
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** A folder with the lab's files, the page as lessons/08-publisher-confirms.md, and no Docker. */
function makeLab(page: string[]) {
  const root = mkdtempSync(join(tmpdir(), 'pages-'));
  const copies = mkdtempSync(join(tmpdir(), 'copies-'));
  onTestFinished(() => {
    for (const folder of [root, copies]) rmSync(folder, { recursive: true });
  });
  for (const folder of ['lessons', 'bin', 'engine']) mkdirSync(join(root, folder));
  for (const { file } of LAB_BREAKS) cpSync(join(ROOT, file), join(root, file));
  const program = (name: string) =>
    `#!/bin/sh\necho "${name} $*" >>'${root}/calls'; [ "$1" != up ]\n`;
  writeFileSync(join(root, 'bin/make'), program('make'), { mode: 0o755 });
  writeFileSync(join(root, 'engine/compose'), program('compose'), { mode: 0o755 });
  const text = ['```console', ...page, '```', ''].join('\n');
  writeFileSync(join(root, 'lessons/08-publisher-confirms.md'), text);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  return {
    run(...args: string[]) {
      const { PATH = '', ...others } = process.env;
      const path = `${join(root, 'bin')}${delimiter}${PATH}`;
      const env = { ...others, PATH: path, TMPDIR: copies };
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', TSX, BREAK_LAB, ...args, '08-publisher-confirms'],
        { cwd: root, env, encoding: 'utf8', timeout: 20_000 },
      );
      return { status, output: stdout + stderr };
    },
    read,
    /** The copies that were left. */
    left: () => readdirSync(copies).filter((name) => name.startsWith('rabbitmq-lab-')),
    /** Whether the lab is as it was. */
    isWhole: () =>
      LAB_BREAKS.every(({ file }) => read(file) === readFileSync(join(ROOT, file), 'utf8')),
  };
}

const MANDATORY = "$ grep -c 'mandatory: false' broker/client/channel.ts || true";

test('a break is caught where the page differs, and missed where it does not', () => {
  const lab = makeLab([
    MANDATORY,
    '0',
    '$ grep -c " Promise.resolve()" broker/client/channel.ts || true',
    '0',
  ]);
  const { status, output } = lab.run('--seed', '1');
  expect(output).toContain('3 breaks, in the order of the seed 1\n');
  expect(output).toContain(
    'caught  08-publisher-confirms  no message is mandatory  (line 3: expected `0`, saw `1`)\n',
  );
  expect(output).toContain(
    'caught  08-publisher-confirms  the producer says "Sent" and sends nothing  ' +
      '(line 5: expected `0`, saw `1`)\n',
  );
  expect(output).toContain('MISSED  08-publisher-confirms  the consumer acknowledges nothing\n');
  expect(output).toContain('2 passed, 1 failed\n');
  expect(status).toBe(1);
  expect(lab.read('calls')).toBe(`${'make reset\n'.repeat(4)}compose down --rmi local\n`);
  expect([lab.left(), lab.isWhole()]).toEqual([[], true]);
});

test('a lab that does not start proves nothing', () => {
  const lab = makeLab(['$ make up', MANDATORY, '0']);
  const { status, output } = lab.run();
  expect(output.match(/^not played {2}08-publisher-confirms {2}`make up` failed/gm)).toHaveLength(
    3,
  );
  expect(output).toContain('0 passed, 3 failed\n');
  expect(status).toBe(1);
});

test('when the time is over it ends, names what is left, and leaves nothing behind', () => {
  const lab = makeLab(['$ echo $$ >&2; sleep 30']);
  const { status, output } = lab.run('--minutes', '0.01');
  expect(output.match(/^not played .*: the time is over$/gm)).toHaveLength(3);
  expect(output).toContain('0 passed, 0 failed\n');
  expect(status).toBe(1);
  expect([lab.left(), lab.isWhole()]).toEqual([[], true]);
});

test.for([
  ['INT', 130],
  ['TERM', 143],
] as const)('SIG%s ends it, and it leaves nothing behind', ([signal, code]) => {
  const lab = makeLab([`$ kill -${signal} $PPID; sleep 30`]);
  expect(lab.run().status).toBe(code);
  expect(lab.read('calls')).toBe(`${'make reset\n'.repeat(2)}compose down --rmi local\n`);
  expect([lab.left(), lab.isWhole()]).toEqual([[], true]);
});

test.for([
  [['--minutes', 'ten'], '`--minutes` must be a number up to 600, got "ten".'],
  [['19-by-hand'], 'No break for "19-by-hand". LESSON is one of: 01-hello'],
] as const)('refuses %j', ([args, message]) => {
  const { status, output } = makeLab([]).run(...args);
  expect(output).toContain(message);
  expect(status).toBe(2);
});
