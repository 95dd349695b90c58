/** Every call that a page's table shows for the lab's client or amqplib is one of it, with those arguments. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { callsOf } from './pages/calls.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Whose calls they are: of the lab's client, or of amqplib alone, which has a channel with confirms besides. */
const CLIENTS = {
  lab: `import type { connect as ours } from '${ROOT}broker/client/connect.ts';
import type { Channel } from '${ROOT}broker/client/channel.ts';
declare const connect: typeof ours, channel: Channel;`,
  amqplib: 'declare const connect: typeof amqp.connect, channel: amqp.ConfirmChannel;',
};

/** What the tables' snippets take for granted; the rest of their variables may be anything. */
const DECLARED = `
import type * as amqp from 'amqplib';
import type { randomUUID as uuid } from 'node:crypto';
import type { setTimeout as sleep } from 'node:timers/promises';
declare const connection: Awaited<ReturnType<typeof connect>>;
declare const credentials: typeof amqp.credentials;
declare const randomUUID: typeof uuid;
declare const pause: typeof sleep;
declare const message: amqp.ConsumeMessage, request: amqp.ConsumeMessage, order: amqp.ConsumeMessage;
declare const letter: amqp.GetMessage;
`;

/** The names that TypeScript asks for first. */
const ANY = ['settings', 'callback', 'task', 'line', 'queue', 'text', 'headers', 'content', 'name']
  .concat(['options', 'replyTo', 'correlationId', 'result', 'timestamp', 'answered', 'ca', 'cert'])
  .concat(['key', 'properties', 'parameters'])
  .map((name) => `declare const ${name}: any;\n`)
  .join('');

/** What TypeScript says about snippets, one line each. What is awaited has to be a promise. */
function complaints(client: keyof typeof CLIENTS, snippets: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'calls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // A table leaves out the `?.` that a program needs.
  const compilerOptions = { strictNullChecks: false, exactOptionalPropertyTypes: false };
  const config = { extends: join(ROOT, 'tsconfig.json'), files: ['calls.mts'], compilerOptions };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const before = `${CLIENTS[client]}${DECLARED}${ANY}`;
  const body = snippets
    .map((code) => `void (${code.replace(/^await (.*)/, '($1).then')});\n`)
    .join('');
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

/** All of one client's calls in the pages; those apart that are said in words, with the arguments left out. */
function callsIn(client: keyof typeof CLIENTS): string[] {
  const pages = globSync('lessons/*.md', { cwd: ROOT });
  const calls = pages.flatMap((page) => callsOf(readFileSync(join(ROOT, page), 'utf8'))[client]);
  return calls.map(({ code }) => code).filter((code) => !/…|\.\.\./.test(code));
}

test.each([
  ['lab', 60],
  ['amqplib', 8],
] as const)(
  'each call in the tables that is said to be of %s exists, and takes these arguments',
  (client, atLeast) => {
    expect(callsIn(client).length).toBeGreaterThan(atLeast);
    expect(complaints(client, callsIn(client))).toEqual([]);
  },
);

test('a call that does not exist is told, and an argument that it does not take', () => {
  const said = complaints('lab', [
    "channel.assertQueue('a')",
    "channel.declareQueue('a')",
    "channel.assertQueue('a', { lasting: true })",
    'message.fields.redeliver',
    'connection.createConfirmChannel()',
  ]);
  expect(said).toEqual([
    expect.stringMatching(/^channel\.declareQueue.*TS2339/),
    expect.stringMatching(/^channel\.assertQueue\('a', \{ lasting.*TS2353/),
    expect.stringMatching(/^message\.fields\.redeliver: .*TS/),
    expect.stringMatching(/^connection\.createConfirmChannel.*TS2339/),
  ]);
});

test('what is awaited and is no promise is told: the lab gives one for a publish, amqplib none', () => {
  const publish = "await channel.publish('', 'a', content)";
  expect(complaints('lab', [publish])).toEqual([]);
  expect(complaints('amqplib', [publish])).toEqual([expect.stringMatching(/^await .*TS2339/)]);
});
