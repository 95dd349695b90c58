import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { troubleOf } from './judge.ts';
import { parsePage } from './parse.ts';
import { type Played, play, type Stage } from './play.ts';

const patient = { readMs: 10_000, commandMs: 10_000 };

/** Plays a page made of blocks, each of its info string's further word and its text. */
function playBlocks(blocks: [string, string][], deadlines: Partial<Stage> = {}) {
  const page = blocks.map(([word, text]) => `\`\`\`console ${word}\n${text}\n\`\`\``).join('\n\n');
  return play(parsePage(page), { cwd: makeFolder(), env: process.env, ...patient, ...deadlines });
}

/** Runs until CTRL+C, and then says so and ends in order. */
const SERVE =
  `node -e 'process.on("SIGINT", () => { console.log("bye"); process.exit(); }); ` +
  `console.log("ready"); setInterval(() => {}, 9999)'`;

test('variables, the folder and the status carry over from command to command', async () => {
  const played = await playBlocks([['', '$ v=7; cd /\n$ echo $v $PWD\n$ (exit 3)\n$ echo $?']]);
  expect(played.map(({ printed }) => printed)).toEqual([[], ['7 /'], [], ['3']]);
});

test('stdout and stderr come in the order in which they were printed', async () => {
  const [{ printed } = { printed: [] }] = await playBlocks([
    ['', '$ for i in 1 2 3; do echo out $i; echo err $i >/dev/stderr; done'],
  ]);
  expect(printed).toEqual(['out 1', 'err 1', 'out 2', 'err 2', 'out 3', 'err 3']);
});

test('an error is worded as bash words it for a reader', async () => {
  const [played] = await playBlocks([['', '$ nosuch\n$ echo $?']]);
  expect(played?.printed).toEqual(['bash: nosuch: command not found']);
});

test('a program that is ended by a signal, such as by a pipe that is closed, says nothing', async () => {
  const [played] = await playBlocks([['', '$ yes | head -n 1']]);
  expect(played?.printed).toEqual(['y']);
});

test('a command finds nothing to read on its standard input', async () => {
  const played = await playBlocks([['', '$ cat\n$ echo still here']]);
  expect(played.map(({ printed }) => printed)).toEqual([[], ['still here']]);
});

test('a command that only looks is run again until it shows what the page shows', async () => {
  const [, looked] = await playBlocks([
    ['', '$ docker() { tries=$((tries+1)); echo try $tries; }\n$ docker ps\ntry 3'],
  ]);
  expect(looked?.printed).toEqual(['try 3']);
});

test('a command that may change something is run once', async () => {
  const [, ran] = await playBlocks([
    ['', '$ docker() { tries=$((tries+1)); echo try $tries; }\n$ docker start x\ntry 3'],
  ]);
  expect(ran?.printed).toEqual(['try 1']);
});

test('a look that never shows it ends at its deadline with what was seen last', async () => {
  const [, looked] = await playBlocks([['', '$ docker() { echo no; }\n$ docker ps\nyes']], {
    readMs: 500,
  });
  expect(looked).toMatchObject({ printed: ['no'], status: 0 });
});

test('an unexpected status ends the page', async () => {
  const played = await playBlocks([['', '$ echo a; (exit 4)\na\n$ echo b']]);
  expect(played).toMatchObject([{ printed: ['a'], status: 4 }]);
  expect(troublesOf(played)).toEqual([expect.stringMatching(/^exit status 4/)]);
});

test('a page may be ended at the first step that is not right', async () => {
  const page: [string, string][] = [['', '$ echo a\nb\n$ echo c\nc']];
  expect(await playBlocks(page)).toHaveLength(2);
  expect(await playBlocks(page, { bail: true })).toHaveLength(1);
});

test('a command past its deadline is ended, with all that it runs', async () => {
  const folder = makeFolder();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const closed = readFile(pipe);
  const [played] = await playBlocks([['', `$ (tail -f /dev/null; true) >${pipe}`]], {
    commandMs: 500,
  });
  expect(troublesOf([played])).toEqual(['it had not ended in time']);
  // The pipe ends when the last process that holds it has ended.
  await closed;
});

test('CTRL+C comes once what stands above it has appeared', async () => {
  const played = await playBlocks([['', `$ ${SERVE}\nready\n^C\nbye\n$ echo $?`]]);
  expect(played.map(({ printed }) => printed)).toEqual([['ready', '^C', 'bye'], ['0']]);
});

test('CTRL+C ends a command that does not listen, and bash goes on', async () => {
  const played = await playBlocks([
    ['', '$ bash -c "echo a; exec tail -f /dev/null"; echo b\na\n^C\n$ echo status $?'],
  ]);
  expect(played.map(({ printed }) => printed)).toEqual([['a', '^C'], ['status 130']]);
});

test('what never appears above CTRL+C is waited for until the deadline', async () => {
  const played = await playBlocks([['', `$ ${SERVE}\nReady\n^C\nbye`]], { readMs: 2000 });
  expect(played.map(({ printed }) => printed)).toEqual([['ready', '^C', 'bye']]);
});

test('a command that has ended cannot be shown with CTRL+C', async () => {
  const played = await playBlocks([['', '$ echo a\na\nb\n^C']]);
  expect(troublesOf(played)).toEqual(['it had ended before CTRL+C']);
});

test('after CTRL+C the status is that of SIGINT or 0, unless the page shows it', async () => {
  const serve = (status: number) => SERVE.replace('exit()', `exit(${status})`);
  const press = (status: number, ...then: string[]) =>
    playBlocks([['', [`$ ${serve(status)}`, 'ready', '^C', 'bye', ...then].join('\n')]]);
  expect(troublesOf(await press(0))).toEqual([]);
  expect(troublesOf(await press(130))).toEqual([]);
  expect(troublesOf(await press(3))).toEqual([expect.stringMatching(/^exit status 3/)]);
  expect(troublesOf(await press(3, '$ echo $?', '3'))).toEqual([]);
});

test('a command left running goes on in a later block with what came since', async () => {
  const played = await playBlocks([
    ['', '$ mkfifo pipe'],
    ['reader', '$ echo reading; cat pipe; echo end\nreading'],
    ['', '$ exec 5> pipe; echo one >&5'],
    ['reader', 'one'],
    ['', '$ echo two >&5; exec 5>&-'],
    ['reader', 'two\nend'],
  ]);
  const reader = played.filter(({ step }) => step.terminal === 'reader');
  expect(reader.map(({ printed }) => printed)).toEqual([['reading'], ['one'], ['two', 'end']]);
});

test('what a command left running has printed by the end of the page is not passed over', async () => {
  // One write of two lines: they come together, so there is no moment with the first alone.
  const [played] = await playBlocks([['w', "$ cat <<<$'a\\nb'; tail -f /dev/null\na"]]);
  expect(played?.printed).toEqual(['a', 'b']);
});

function troublesOf(played: (Played | undefined)[]): string[] {
  return played.flatMap((step) => (step && troubleOf(step)) ?? []);
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pages-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
