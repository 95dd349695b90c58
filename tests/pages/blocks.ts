/** The `console` blocks of a page, each with the comment before it that says what else is right. Pure. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { isFound } from './shown.ts';
import { parseValue, type Value, ValueError } from './values.ts';

/** A page that cannot be run as it is written. */
export class PageError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'PageError';
    this.line = line;
  }
}

/** A `console` block. */
export interface Block {
  /** The second word of its info string. */
  terminal: string;
  /** Its lines, without what stands before each of them in a list or a quotation. */
  lines: string[];
  indent: string;
  /** The line of the page where its first line stands, counted from 1. */
  line: number;
  /** What the comment says. */
  values: Value[];
}

/** The comment's first line; each line after it is one {@link Value}. */
const ALSO_RIGHT = '<!-- also right';

type Node = ReturnType<typeof fromMarkdown>['children'][number];
type Code = Extract<Node, { type: 'code' }>;
type Html = Extract<Node, { type: 'html' }>;

/**
 * The `console` blocks from top to bottom.
 *
 * @throws {@link PageError} naming the line that has to be mended
 */
export function findBlocks(markdown: string): Block[] {
  const rows = markdown.split('\n');
  return withBefore(fromMarkdown(markdown)).flatMap(({ node, before }) => {
    if (isAlsoRight(before) && !isConsole(node)) throw misplaced(before);
    return isConsole(node) ? [toBlock(node, rows, isAlsoRight(before) ? before : undefined)] : [];
  });
}

interface Place {
  /** Undefined after the last one of its kind. */
  node: Node | undefined;
  /** What stands before it in the same part of the page. */
  before: Node | undefined;
}

function withBefore(parent: { children: Node[] }): Place[] {
  return [...parent.children, undefined].flatMap((node, i) => {
    const inner = node && 'children' in node ? withBefore(node as { children: Node[] }) : [];
    return [{ node, before: parent.children[i - 1] }, ...inner];
  });
}

function isConsole(node: Node | undefined): node is Code {
  return node?.type === 'code' && node.lang === 'console';
}

function isAlsoRight(node: Node | undefined): node is Html {
  return node?.type === 'html' && node.value.startsWith(ALSO_RIGHT);
}

function misplaced({ position }: Html): PageError {
  return new PageError(
    position?.start.line ?? 1,
    `\`${ALSO_RIGHT}\` stands right before the \`console\` block that it is about`,
  );
}

function toBlock({ meta, value, position }: Code, rows: string[], comment?: Html): Block {
  if (!position) throw new PageError(1, 'a block without a position');
  const { start, end } = position;
  const terminal = meta?.trim() ?? '';
  if (/\s/.test(terminal)) {
    throw new PageError(start.line, `a terminal's name is one word, got "${terminal}"`);
  }
  if (value === '') throw new PageError(start.line, 'an empty `console` block');
  if (!/^[\s>]*(?:`{3,}|~{3,})\s*$/.test(rows[end.line - 1] ?? '')) {
    throw new PageError(start.line, 'a `console` block that is not closed');
  }
  const before = rows[start.line - 1]?.slice(0, start.column - 1) ?? '';
  const indent = before.replace(/[^>\s]/g, ' ');
  const values = comment ? readValues(comment) : [];
  return { terminal, lines: value.split('\n'), indent, line: start.line + 1, values };
}

function readValues({ value, position }: Html): Value[] {
  const first = position?.start.line ?? 1;
  const rows = value.replace(/\s*-->$/, '').split('\n');
  return rows.flatMap((row, i) => {
    const rest = i === 0 ? row.slice(ALSO_RIGHT.length) : row;
    if (rest.trim() === '') return [];
    try {
      return [parseValue(rest, first + i)];
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw new PageError(first + i, error.message);
    }
  });
}

/** @throws {@link PageError} for a value that none of `output`, the output of its block, shows */
export function refuseUnused(values: Value[], output: string[]): void {
  for (const value of values) {
    if (isFound(value, output)) continue;
    const piece = `${value.before}${value.text}${value.after}`;
    throw new PageError(value.line, `the output of the block after it doesn't show \`${piece}\``);
  }
}
