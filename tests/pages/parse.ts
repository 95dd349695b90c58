/** A page's markdown to steps: its `console` blocks, command by command. Pure. */
import { type Block, findBlocks, PageError, refuseUnused } from './blocks.ts';
import { isOpen } from './open.ts';
import { changesLab } from './progress.ts';
import { isRead } from './reads.ts';
import { MARK, type Shown, toShown, UNSEEN } from './shown.ts';

/** A line of a block that stands for the keys: it is pressed, not printed. */
export const CTRL_C = '^C';

/** The command that shows the status of the one before it. */
const SHOW_STATUS = 'echo $?';

/** One command of a page with its output, or further output of a command that still runs. */
export interface Step {
  /** Empty for the first terminal; the block ```` ```console worker-1 ```` names another. */
  terminal: string;
  /** The line of the page where the step begins, counted from 1. */
  line: number;
  /** Undefined when the block goes on with the output of the command that still runs. */
  command: string | undefined;
  /** The lines that the page shows, as they stand there. */
  output: string[];
  /** The same as patterns, with what the page passes over. */
  shown: Shown[];
  /** It only changes the lab, and the page shows nothing of the progress. */
  quiet: boolean;
  /** The line of the page where the output begins, or would. */
  outputLine: number;
  /** What stands before each line of a block within a list or a quotation. */
  indent: string;
  /** The page goes on while the command still runs. */
  leftRunning: boolean;
  /** It is the last step of its terminal. */
  last: boolean;
  /** The next command is `echo $?`: any status is right, as long as it is the one shown. */
  statusShown: boolean;
}

/**
 * The steps of a page, from top to bottom.
 *
 * @throws {@link PageError} naming the line that has to be mended
 */
export function parsePage(markdown: string): Step[] {
  const steps = findBlocks(markdown).flatMap(parseBlock);
  if (steps.length === 0) throw new PageError(1, 'no `console` block: nothing to run');
  for (const [i, step] of steps.entries()) {
    const sameTerminal = (other: Step) => other.terminal === step.terminal;
    if (step.command === undefined && !steps.slice(0, i).some(sameTerminal)) {
      throw new PageError(step.line, 'output without a `$ command` before it in this terminal');
    }
    const next = steps.slice(i + 1).find(sameTerminal);
    step.leftRunning = next ? next.command === undefined : mayRunOn(step);
    step.last = next === undefined;
    step.statusShown = next?.command === SHOW_STATUS;
  }
  return steps;
}

function mayRunOn({ terminal, command = '', output }: Step): boolean {
  const ends = output.includes(CTRL_C) || isRead(command) || command === SHOW_STATUS;
  return terminal !== '' && !ends;
}

function parseBlock({ terminal, lines, indent, line: first, values }: Block): Step[] {
  const steps: Step[] = [];
  for (const [i, text] of lines.entries()) {
    const line = first + i;
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
  const output = steps.flatMap((step) => step.output);
  refuseUnused(values, output);
  refuseMarks(lines, first);
  for (const step of steps) {
    step.quiet = step.output.length === 0 && changesLab(step.command ?? '');
    // How a program ends that CTRL+C ends, and what it still prints then, is a matter of moments.
    const isOpenEnd = step.quiet || step.output.at(-1) === CTRL_C;
    step.shown = [...toShown(step.output, values), ...(isOpenEnd ? [UNSEEN] : [])];
  }
  return steps;
}

/** @throws {@link PageError} for a `…` that is a part of a line: it would say nothing of that part */
function refuseMarks(lines: string[], first: number): void {
  const at = lines.findIndex((text) => text.includes(MARK) && text.trim() !== MARK);
  if (at === -1) return;
  throw new PageError(
    first + at,
    `\`${MARK}\` stands alone on a line; within one show what was printed, and beside the block what else is right`,
  );
}

function newStep(
  terminal: string,
  line: number,
  command: string | undefined,
  indent: string,
): Step {
  const outputLine = command === undefined ? line : line + 1;
  return {
    ...{ terminal, line, command, output: [], shown: [], quiet: false, outputLine, indent },
    ...{ leftRunning: false, last: false, statusShown: false },
  };
}

function continues({ command = '', output }: Step, text: string): boolean {
  return output.length === 0 && /^>( |$)/.test(text) && isOpen(command);
}
