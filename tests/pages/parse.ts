/** A page's markdown to steps: its `console` blocks, command by command. Pure. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { isOpen } from './open.ts';
import { isRead } from './reads.ts';

/** A line of a block that stands for the keys: it is pressed, not printed. */
export const CTRL_C = '^C';

/** One command of a page with its output, or further output of a command that still runs. */
export interface Step {
  /** Empty for the first terminal; the block ```` ```console worker-1 ```` names another. */
  terminal: string;
  /** The line of the page where the step begins, counted from 1. */
  line: number;
  /** Undefined when the block goes on with the output of the command that still runs. */
  command: string | undefined;
  /** The lines that the page shows, marks included. */
  output: string[];
  /** The line of the page where the output begins, or would. */
  outputLine: number;
  /** What stands before each line of a block within a list or a quotation. */
  indent: string;
  /**
   * The page goes on while the command still runs: a later block continues its output, or it is
   * the last one of a named terminal and nothing ends it.
   */
  leftRunning: boolean;
  /** The next command is `echo $?`: any status is right, as long as it is the one shown. */
  statusShown: boolean;
}

/** A page that cannot be run as it is written. */
export class PageError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'PageError';
    this.line = line;
  }
}

/**
 * The steps of a page, from top to bottom.
 *
 * @throws {@link PageError} naming the line that has to be mended
 */
export function parsePage(markdown: string): Step[] {
  const rows = markdown.split('\n');
  const steps = codeBlocks(fromMarkdown(markdown))
    .filter((block) => block.lang === 'console')
    .flatMap((block) => parseBlock(block, rows));
  if (steps.length === 0) throw new PageError(1, 'no `console` block: nothing to run');
  for (const [i, step] of steps.entries()) {
    const sameTerminal = (other: Step) => other.terminal === step.terminal;
    if (step.command === undefined && !steps.slice(0, i).some(sameTerminal)) {
      throw new PageError(step.line, 'output without a `$ command` before it in this terminal');
    }
    const next = steps.slice(i + 1).find(sameTerminal);
    step.leftRunning = next ? next.command === undefined : mayRunOn(step);
    step.statusShown = next?.command === 'echo $?';
  }
  return steps;
}

function mayRunOn({ terminal, command = '', output }: Step): boolean {
  return terminal !== '' && !output.includes(CTRL_C) && !isRead(command);
}

type Node = ReturnType<typeof fromMarkdown>['children'][number];
type Code = Extract<Node, { type: 'code' }>;

function codeBlocks(parent: { children: Node[] }): Code[] {
  return parent.children.flatMap((node) => {
    if (node.type === 'code') return [node];
    return 'children' in node ? codeBlocks(node as { children: Node[] }) : [];
  });
}

function parseBlock({ meta, value, position }: Code, rows: string[]): Step[] {
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

  const steps: Step[] = [];
  for (const [i, text] of value.split('\n').entries()) {
    const line = start.line + 1 + i;
    const step = steps.at(-1);
    if (text.startsWith('$ ')) {
      steps.push(newStep(terminal, line, text.slice(2), indent));
    } else if (step?.command !== undefined && continues(step, text)) {
      step.command += `\n${text.slice(2)}`;
      step.outputLine = line + 1;
    } else if (step) {
      step.output.push(text);
    } else {
      steps.push({ ...newStep(terminal, line, undefined, indent), output: [text] });
    }
  }
  return steps;
}

function newStep(
  terminal: string,
  line: number,
  command: string | undefined,
  indent: string,
): Step {
  const outputLine = command === undefined ? line : line + 1;
  return {
    ...{ terminal, line, command, output: [], outputLine, indent },
    ...{ leftRunning: false, statusShown: false },
  };
}

function continues({ command = '', output }: Step, text: string): boolean {
  return output.length === 0 && /^>( |$)/.test(text) && isOpen(command);
}
