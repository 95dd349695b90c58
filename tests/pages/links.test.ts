/** A link between pages leads somewhere: to a file that is there, and in it to a heading. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = globSync(['*.md', 'lessons/*.md', 'viewer/*.md'], { cwd: ROOT });
/** What is in the tests' image as a whole. */
const KNOWN = /^(README\.md|(broker|consumer|faults|lessons|producer|viewer)\/)/;

/** A picture in two versions is written in HTML. */
const IN_HTML = / (?:src|srcset|href)="([^"]+)"/g;

const read = (page: string) => readFileSync(`${ROOT}/${page}`, 'utf8');

type Node = ReturnType<typeof fromMarkdown>['children'][number];

test.each(PAGES.toSorted())('%s has no dead link', (page) => {
  const links = collect(fromMarkdown(read(page)).children, (node) => {
    if (node.type === 'html')
      return [...node.value.matchAll(IN_HTML)].map(([, link]) => link ?? '');
    return node.type === 'link' || node.type === 'image' ? [node.url] : [];
  });
  const dead = links
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const [path = '', anchor = ''] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!KNOWN.test(target)) return false;
      if (!existsSync(`${ROOT}/${target}`)) return true;
      return anchor !== '' && !anchorsOf(target).includes(anchor);
    });
  expect(dead).toEqual([]);
});

/** Of headings, as GitHub makes them, and those that a page has by itself. */
function anchorsOf(page: string): string[] {
  const own = [...read(page).matchAll(/<a id="([\w-]+)">/g)].map((match) => match[1] ?? '');
  const ofHeadings = collect(fromMarkdown(read(page)).children, (node) =>
    node.type === 'heading' ? [anchorOf(textOf(node))] : [],
  );
  return [...own, ...ofHeadings];
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map((child) => textOf(child)).join('') : '';
}

function collect(nodes: Node[], of: (node: Node) => string[]): string[] {
  return nodes.flatMap((node) => [
    ...of(node),
    ...('children' in node ? collect(node.children, of) : []),
  ]);
}
