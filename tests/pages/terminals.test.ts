/** A reader of a rendered page, where the names of the blocks are gone, knows in which terminal to type. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = globSync(['README.md', 'lessons/*.md'], { cwd: ROOT }).toSorted();

/** A `console` block, the name of its terminal, and the line of text before it and its comment. */
const BLOCK = /^(.*)\n\n(?:[ \t]*<!--[^>]*-->\n)?[ \t]*```console(.*)$/gm;

test.each(PAGES)(
  '%s says before a block that it is for another terminal than the last one',
  (page) => {
    let last = '';
    const unsaid: string[] = [];
    for (const [, before = '', info = ''] of readFileSync(`${ROOT}/${page}`, 'utf8').matchAll(
      BLOCK,
    )) {
      const name = info.trim();
      const said = /\*\*In (?:a|the) (.*):\*\*$/.exec(before)?.[1] ?? '';
      const isSaid = said.includes('terminal') && said.includes(name || 'first');
      if (name !== last && !isSaid) unsaid.push(`${before}  [${name || 'first'}]`);
      last = name;
    }
    expect(unsaid).toEqual([]);
  },
);
