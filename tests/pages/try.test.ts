/** Who tries something by himself is told what he then sees, and that has been tried. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LESSONS = globSync('lessons/[0-9][0-9]-*.md', { cwd: ROOT }).toSorted();

const read = (path: string) => readFileSync(`${ROOT}/${path}`, 'utf8');

/** What is said before the things to try, and these, each with its white space as in one line. */
function sectionOf(page: string): { before: string; things: string[] } {
  const section = /^## Try it yourself\n([\s\S]*?)^## /m.exec(read(page))?.[1] ?? '';
  const [before = '', ...things] = section.split(/^- /m).map((text) => text.replace(/\s+/g, ' '));
  return { before, things };
}

test.each(LESSONS)('%s says of each thing to try when it was done right', (page) => {
  const { things } = sectionOf(page);
  expect(things).not.toEqual([]);
  for (const thing of things) expect(thing).toContain('You did it right when');
});

test.each(LESSONS)(
  'each thing to try in %s is tried in tests/tries/, or it is said why not',
  (page) => {
    const { things } = sectionOf(page);
    const [, ...tries] = read(`tests/tries/${basename(page)}`).split(/^## /m);
    const heads = tries.map((text) => text.split('\n', 1)[0] ?? '');
    expect(heads).toEqual(things.map((thing, i) => thing.slice(0, heads[i]?.length)));
    for (const text of tries) expect(text).toMatch(/^```console|^Not played: ./m);
  },
);

// A page has stopped and changed things, and what is tried here was tried on a broker that was empty.
test.each(LESSONS)('before the things to try, %s says how to begin as their test does', (page) => {
  const commands = read(`tests/tries/${basename(page)}`).match(/^\$ .*/gm) ?? [];
  const [first = ''] = commands.filter((command) => !command.startsWith('$ export '));
  const { before } = sectionOf(page);
  if (commands.some((command) => command.includes('make up')))
    expect(before).toContain('type `make reset`');
  if (/^\$ (\w+=\S+ )?make up$/.test(first)) expect(before).toContain('`make up`');
});
