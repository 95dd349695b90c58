/** Every call that a page's table shows for pika is one of the pika that the lab uses, with those arguments. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { callsOf } from './pages/calls.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What Python says about snippets, one line each. */
function complaints(snippets: string[]): string[] {
  const input = JSON.stringify(snippets);
  const said = execFileSync('python3', ['tests/fixtures/calls.py'], { cwd: ROOT, input });
  return said.toString().split('\n').filter(Boolean);
}

test('each pika call in the tables of calls exists, and takes these arguments', () => {
  const pages = globSync('lessons/*.md', { cwd: ROOT });
  const calls = pages.flatMap((page) => callsOf(readFileSync(join(ROOT, page), 'utf8')).pika);
  expect(calls.length).toBeGreaterThan(60);
  expect(complaints(calls.map(({ code }) => code))).toEqual([]);
});

test('a call that does not exist is told, and an argument that it does not take', () => {
  const said = complaints([
    "channel.queue_declare(queue='a')",
    "channel.declare_queue(queue='a')",
    "channel.queue_declare(queue='a', lasting=True)",
    'method.redeliver',
    'pika.DeliveryMode.Lasting',
    'pika.BasicProperties(lasting=True)',
  ]);
  expect(said).toEqual([
    expect.stringMatching(/^channel\.declare_queue.*AttributeError/),
    expect.stringMatching(/^channel\.queue_declare.*lasting.*TypeError/),
    expect.stringMatching(/^method\.redeliver: AttributeError/),
    expect.stringMatching(/^pika\.DeliveryMode\.Lasting: AttributeError/),
    expect.stringMatching(/^pika\.BasicProperties.*TypeError/),
  ]);
});
