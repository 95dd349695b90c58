/** Who looks for the text of an error finds it, from the list at the top of its page or from `make doctor`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CAUSES = `${ROOT}/engine/causes.sh`;

/** The anchors that GitHub makes of the entries' headings. */
function entriesOf(page: string): string[] {
  const headings = readFileSync(`${ROOT}/lessons/${page}`, 'utf8').matchAll(/^### (.*)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

test.each(['errors.md', 'errors-machine.md'])(
  'the list at the top of %s has each of its entries, in their order',
  (page) => {
    const text = readFileSync(`${ROOT}/lessons/${page}`, 'utf8');
    const rows = text.slice(0, text.indexOf('\n## ')).matchAll(/^\| .*?\]\(#([^)]+)\)/gm);
    expect([...rows].map(([, anchor]) => anchor)).toEqual(entriesOf(page));
  },
);

test('make doctor names entries that are there', () => {
  const links = [...readFileSync(CAUSES, 'utf8').matchAll(/^(errors[\w-]*\.md)#(\S+) /gm)];
  expect(links.length).toBeGreaterThan(10);
  for (const [, page = '', entry] of links) expect(entriesOf(page)).toContain(entry);
});
