/** Every call that a page's table shows for amqplib is one of the lab's client or of amqplib, with those arguments. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { callsOf } from './pages/calls.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What the tables' snippets take for granted; the rest of their variables may be anything. */
const DECLARED = `
import type * as amqp from 'amqplib';
import type { randomUUID as uuid } from 'node:crypto';
import type { setTimeout as sleep } from 'node:timers/promises';
import type { connect as ours } from '${ROOT}broker/client/connect.ts';
declare const connect: typeof ours & typeof amqp.connect;
declare const connection: Awaited<ReturnType<typeof ours>>;
declare const channel: Awaited<ReturnType<typeof connection.createChannel>>;
declare const createConfirmChannel: amqp.ChannelModel['createConfirmChannel'];
declare const credentials: typeof amqp.credentials;
declare const randomUUID: typeof uuid;
declare const pause: typeof sleep;
declare const message: amqp.ConsumeMessage, request: amqp.ConsumeMessage, order: amqp.ConsumeMessage;
declare const letter: amqp.GetMessage;
`;

/** The names that TypeScript asks for first. */
const ANY = ['settings', 'callback', 'task', 'line', 'queue', 'text', 'headers', 'content', 'name']
  .concat(['options', 'replyTo', 'correlationId', 'result', 'timestamp', 'answered', 'ca', 'cert'])
  .concat(['key', 'properties'])
  .map((name) => `declare const ${name}: any;\n`)
  .join('');

/** What TypeScript says about snippets, one line each. */
function complaints(snippets: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'calls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // A table leaves out the `?.` that a program needs.
  const compilerOptions = { strictNullChecks: false, exactOptionalPropertyTypes: false };
  const config = { extends: join(ROOT, 'tsconfig.json'), files: ['calls.mts'], compilerOptions };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const before = `${DECLARED}${ANY}`;
  const body = snippets.map((snippet) => `void (${snippet});\n`).join('');
  writeFileSync(join(folder, 'calls.mts'), `${before}${body}`);
  const first = before.split('\n').length;
  try {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false'], { cwd: folder });
    return [];
  } catch (error) {
    const output = String((error as { stdout?: Buffer }).stdout ?? error);
    return [...output.matchAll(/^calls\.mts\((\d+),\d+\): (.*)$/gm)].map(([, line, what]) => {
      return `${snippets[Number(line) - first]}: ${what}`;
    });
  }
}

test('each amqplib call in the tables of calls exists, and takes these arguments', () => {
  const pages = globSync('lessons/*.md', { cwd: ROOT });
  const calls = pages.flatMap((page) => {
    const { ours } = callsOf(readFileSync(join(ROOT, page), 'utf8'));
    // Said in words, with the arguments left out.
    return ours.filter(({ code }) => !/…|\.\.\./.test(code)).map(({ code }) => code);
  });
  expect(calls.length).toBeGreaterThan(60);
  expect(complaints(calls)).toEqual([]);
});

test('a call that does not exist is told, and an argument that it does not take', () => {
  const said = complaints([
    "channel.assertQueue('a')",
    "channel.declareQueue('a')",
    "channel.assertQueue('a', { lasting: true })",
    'message.fields.redeliver',
  ]);
  expect(said).toEqual([
    expect.stringMatching(/^channel\.declareQueue.*TS2339/),
    expect.stringMatching(/^channel\.assertQueue\('a', \{ lasting.*TS2353/),
    expect.stringMatching(/^message\.fields\.redeliver: .*TS/),
  ]);
});
