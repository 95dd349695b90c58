import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const RUN = join(import.meta.dirname, 'run.ts');
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

const PAGE = `# A page

\`\`\`console
$ n=7; echo "the id is $n"
the id is 7
$ seq 1 3
1
2
3
\`\`\`

In another terminal:

\`\`\`console worker-1
$ cat >serve.cjs <<'END'
> process.on('SIGINT', () => {
>   console.log('bye');
>   process.exit();
> });
> console.log('ready');
> setInterval(() => {}, 9999);
> END
$ node serve.cjs
ready
\`\`\`

And back:

\`\`\`console
$ ls no-such-file 2>&1 | grep -o no-such-file; (exit 2)
no-such-file
$ echo $?
2
\`\`\`

\`\`\`console worker-1
^C
bye
\`\`\`
`;

/** A repository with the page as lessons/01-page.md, and a `make` that only says it was called. */
function makeRepository(page: string) {
  const root = mkdtempSync(join(tmpdir(), 'pages-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['lessons', 'bin']) mkdirSync(join(root, folder));
  const make = '#!/bin/sh\necho "make $* in $COMPOSE_PROJECT_NAME" >>calls\n';
  writeFileSync(join(root, 'bin/make'), make, { mode: 0o755 });
  writeFileSync(join(root, 'README.md'), '```console\n$ echo $LESSON\n\n```\n');
  writeFileSync(join(root, 'lessons/01-page.md'), page);
  return {
    /** Runs the runner as `make pages` does. */
    run(...args: string[]) {
      const { PATH = '', ...others } = process.env;
      const path = `${join(root, 'bin')}${delimiter}${PATH}`;
      const env = { ...others, PATH: path, LESSON: '02-other' };
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', TSX, RUN, ...args],
        { cwd: root, env, encoding: 'utf8', timeout: 20_000 },
      );
      return { status, output: stdout + stderr };
    },
    read: (path: string) => readFileSync(join(root, path), 'utf8'),
    write: (path: string, text: string) => writeFileSync(join(root, path), text),
  };
}

test('pages that are right pass, each on a clean lab of their own', () => {
  const repository = makeRepository(PAGE);
  const { status, output } = repository.run();
  expect(output).toMatch(
    /^ok {3}README.md {2}1 commands .* s\nok {3}lessons\/01-page.md {2}6 commands .* s\n2 passed, 0 failed\n$/,
  );
  expect(status).toBe(0);
  expect(repository.read('calls')).toBe('make reset in rabbitmq-lab-pages\n'.repeat(3));
});

test('a page beside the lessons may have nothing to run, and this is said', () => {
  const repository = makeRepository(PAGE);
  repository.write('lessons/words.md', '# Words\n');
  const { status, output } = repository.run();
  expect(output).toMatch(/\n-- {3}lessons\/words.md {2}has no commands\n2 passed, 0 failed\n$/);
  expect(status).toBe(0);
});

test.for([
  ['a wrong line', 'bye\n', 'Bye\n', /01-page.md:37 .*\n[\s\S]*- Bye\n *\+ bye\n/],
  [
    'a line that the page lacks',
    '2\n3\n',
    '3\n',
    /01-page.md:6 {2}\$ seq 1 3\n[\s\S]* 1\n *\+ 2\n/,
  ],
  ['a line too many in the page', '2\n3\n', '2\n2\n3\n', /01-page.md:6 [\s\S]*- 2\n/],
  [
    'a command that fails',
    '$ echo $?\n2\n',
    '',
    /:30 .*no-such-file; \(exit 2\)\n *exit status 2, and no/,
  ],
  ['a page that runs nothing', PAGE, '# Words\n', /01-page.md:1 {2}no `console` block/],
] as const)('%s is caught', ([, right, wrong, report]) => {
  const repository = makeRepository(PAGE.replace(right, () => wrong));
  const { status, output } = repository.run('lessons/01-page.md');
  expect(output).toMatch(report);
  expect(output).toMatch(/^FAIL lessons\/01-page.md .*\n/m);
  expect(output).toMatch(/\n0 passed, 1 failed\n$/);
  expect(status).toBe(1);
});

test('--update mends a page with the real output, says what it changed, and the page then passes', () => {
  const wrong = PAGE.replace('2\n3\n', '3\n4\n').replace('bye\n', 'Bye\n');
  const repository = makeRepository(wrong);
  const { output } = repository.run('--update', 'lessons/01-page.md');
  expect(output).toMatch(/updated .*01-page.md:6 {2}\$ seq 1 3\n[\s\S]*- 3\n *\+ 2\n/);
  expect(output).toMatch(/\n1 passed/);
  expect(repository.read('lessons/01-page.md')).toBe(PAGE);
  expect(repository.run('lessons/01-page.md').status).toBe(0);
});

const VALUED = `<!-- also right
3: 2 to 4
-->
\`\`\`console
$ seq 3 3
3
$ echo a
b
\`\`\`
`;

test.for([
  ['a value is out of its range', 'seq 9 9', /:5 {2}\$ seq 9 9\n *out of its range: 9\n/],
  ['a value is not shown any more', 'echo none', /:2 {2}the output .* doesn't show `3`\n/],
] as const)('--update leaves a page alone in which %s', ([, command, report]) => {
  const wrong = VALUED.replace('seq 3 3', command);
  const repository = makeRepository(wrong);
  const { status, output } = repository.run('--update', 'lessons/01-page.md');
  expect(output).toMatch(report);
  expect(status).toBe(1);
  expect(repository.read('lessons/01-page.md')).toBe(wrong);
});

test('--update keeps a value that is still right', () => {
  const repository = makeRepository(VALUED.replace('seq 3 3', 'seq 4 4'));
  expect(repository.run('--update', 'lessons/01-page.md').status).toBe(0);
  expect(repository.read('lessons/01-page.md')).toBe(
    VALUED.replace('seq 3 3', 'seq 4 4').replace('a\nb\n', 'a\na\n'),
  );
});

test('what --record keeps is what --replay compares with, and no command is run then', () => {
  const page = '```console\n$ echo ran >>commands; echo a\na\n```\n';
  const repository = makeRepository(page);
  expect(repository.run('--record', 'kept', 'lessons/01-page.md').status).toBe(0);
  expect(repository.run('--replay', 'kept', 'lessons/01-page.md').status).toBe(0);
  repository.write('lessons/01-page.md', page.replace('\na\n', '\nb\n'));
  const { status, output } = repository.run('--replay', 'kept', 'lessons/01-page.md');
  expect(output).toMatch(/- b\n *\+ a\n/);
  expect(status).toBe(1);
  expect(repository.read('commands')).toBe('ran\n');
});

test('--sabotage tells what a page does not notice, and fails it if that is much', () => {
  const fence = '```';
  const weak = [fence.concat('console'), '$ seq 1 2', '1', '…', fence, ''].join('\n');
  const repository = makeRepository(weak);
  const { status, output } = repository.run('--sabotage', 'lessons/01-page.md');
  expect(output).toMatch(
    /^FAIL lessons\/01-page.md .*\n *lessons\/01-page.md:1 {2}less than 95 % caught.*\n *8\/9 caught, 1 beside a cut\n *lessons\/01-page.md:2 {2}beside a cut: doubled: `1`\n/m,
  );
  expect(output).toMatch(/\n0 passed, 1 failed\nsabotage: 8\/9 caught, 1 beside a cut\n$/);
  expect(status).toBe(1);
  repository.write('lessons/01-page.md', weak.replace('…', '2'));
  expect(repository.run('--sabotage', 'lessons/01-page.md').status).toBe(0);
});

test('--sabotage fails a page that lets pass what contradicts it, however little that is', () => {
  // A wrong number of a line that need not come: the cut takes it.
  const comment = ['<!-- also right', '1: 1 to 5', '1: 0 to 1 lines', '-->'];
  const block = ['```console', '$ seq 1 60', '1', '…', ...numbers(11, 60), '```', ''];
  const repository = makeRepository([...comment, ...block].join('\n'));
  const { status, output } = repository.run('--sabotage', 'lessons/01-page.md');
  expect(output).toMatch(/lessons\/01-page.md:6 {2}not noticed: /);
  expect(output).toMatch(/\nsabotage: \d+\/\d+ caught,.* \d+ not noticed/);
  expect(status).toBe(1);
});

function numbers(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
}

test('--update leaves a page alone in which a command fails', () => {
  const wrong = PAGE.replace('2\n3\n', '3\n').replace('$ echo $?\n2\n', '');
  const repository = makeRepository(wrong);
  expect(repository.run('--update', 'lessons/01-page.md').status).toBe(1);
  expect(repository.read('lessons/01-page.md')).toBe(wrong);
});

test('a page that is not there is a usage error', () => {
  const { status, output } = makeRepository(PAGE).run('lessons/99-none.md');
  expect(output).toMatch(/lessons\/99-none.md[\s\S]*Usage: /);
  expect(status).toBe(2);
});
