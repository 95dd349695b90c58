/** The glossary explains what a page uses before the lesson that shows it. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';

const PAGES = fileURLToPath(new URL('../../lessons', import.meta.url));
const read = (page: string) => readFileSync(`${PAGES}/${page}`, 'utf8');
const LESSONS = globSync('[0-9][0-9]-*.md', { cwd: PAGES })
  .map((path) => basename(path))
  .toSorted();

interface Term {
  name: string;
  /** The name, and the other names and forms of it. */
  forms: string[];
  anchor: string;
  meaning: string;
  /** The page that shows it; '' where none does. */
  page: string;
}

const ROW =
  /^\| <a id="([\w-]+)"><\/a>\*\*(.+?)\*\*(?: \((.*?)\))? \| (.*) \| (?:–|\[.*\]\((.*)\)) \|$/gm;
const TERMS: Term[] = [...read('glossary.md').matchAll(ROW)].map((row) => {
  const [, anchor = '', name = '', others = '', meaning = '', page = ''] = row;
  return { name, forms: [name, ...others.split(', ')].filter(Boolean), anchor, meaning, page };
});

describe('the glossary has', () => {
  test('a row of the one form in each line of its table, from a to z, each term once', () => {
    const rows = read('glossary.md').match(/^\| (?!term|-).*$/gm) ?? [];
    const names = TERMS.map(({ name }) => name.toLowerCase());
    expect(names).toHaveLength(rows.length);
    expect(names).toEqual([...new Set(names)].toSorted());
  });

  test.each(TERMS)('$name in one to three sentences', ({ meaning }) => {
    const sentences = meaning.match(/[.?!]"?(?= [A-Z]|$)/g) ?? [];
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.length - (meaning.includes('RabbitMQ documentation, ') ? 1 : 0)).toBeLessThan(
      4,
    );
  });

  test.each(TERMS)('$name with a page that shows it, or one of the documentation', (term) => {
    if (term.page === '') expect(term.meaning).toContain('RabbitMQ documentation, "');
    else expect(read(term.page)).toMatch(patternOf(term.forms));
  });
});

// What is only for reference comes after the lesson, and is for those who know the other language.
const REFERENCE = /^## (The same in|Read on)/m;

/** Any of the forms, also in the plural and over the end of a line; the longest one that fits. */
function patternOf(forms: string[]): RegExp {
  const longestFirst = forms.toSorted((a, b) => b.length - a.length);
  const words = longestFirst.map((form) =>
    form.replace(/^\w/, eitherCase).replaceAll(/ /g, '\\s+'),
  );
  return new RegExp(`(?<![\\w-])(?:${words.join('|')})s?(?![\\w-])`, 'g');
}

function eitherCase(letter: string): string {
  return `[${letter.toUpperCase()}${letter.toLowerCase()}]`;
}

test.each(LESSONS)(
  '%s links to the glossary where it first uses a term of a later page',
  (page) => {
    const [lesson = ''] = read(page).split(REFERENCE);
    const uses = firstUses(fromMarkdown(lesson));
    const later = TERMS.filter((term) => !LESSONS.includes(term.page) || term.page > page);
    const unlinked = later.flatMap((term) => {
      const use = uses.get(term.name);
      const isLinked = !use || use.link === `glossary.md#${term.anchor}`;
      return isLinked ? [] : [`line ${use.line}: [${use.words}](glossary.md#${term.anchor})`];
    });
    expect(unlinked).toEqual([]);
  },
);

interface Use {
  words: string;
  line: number;
  /** Where the words lead, if they are a link. */
  link: string;
}

type Node = ReturnType<typeof fromMarkdown>['children'][number];

const ANY_FORM = patternOf(TERMS.flatMap(({ forms }) => forms));

function nameOf(words: string): string {
  const isMeant = ({ forms }: Term) => patternOf(forms).exec(words)?.[0] === words;
  return TERMS.find(isMeant)?.name ?? '';
}

/** The first use of each term in what is text to a reader: neither code nor a heading. */
function firstUses(root: { children: Node[] }): Map<string, Use> {
  const found = new Map<string, Use>();
  const visit = (node: Node, link: string) => {
    if (node.type === 'heading') return;
    if (node.type === 'text') {
      for (const { 0: words, index } of node.value.matchAll(ANY_FORM)) {
        const name = nameOf(words);
        const lines = node.value.slice(0, index).split('\n').length - 1;
        const line = (node.position?.start.line ?? 0) + lines;
        if (!found.has(name)) found.set(name, { words, line, link });
      }
    }
    const children = 'children' in node ? node.children : [];
    for (const child of children) visit(child, node.type === 'link' ? node.url : link);
  };
  for (const node of root.children) visit(node, '');
  return found;
}
