/** Who tries something by himself is told what he then sees. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LESSONS = globSync('lessons/[0-9][0-9]-*.md', { cwd: ROOT }).toSorted();

test.each(LESSONS)('%s says of each thing to try when it was done right', (page) => {
  const text = readFileSync(`${ROOT}/${page}`, 'utf8');
  const section = /^## Try it yourself\n([\s\S]*?)^## /m.exec(text)?.[1] ?? '';
  const [, ...things] = section.split(/^- /m);
  expect(things).not.toEqual([]);
  for (const thing of things) expect(thing).toMatch(/You\s+did\s+it\s+right\s+when/);
});
