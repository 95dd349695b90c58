/** What is wrong with a page, in words and lines. Pure. */
import { align, MARK, matches, type Row } from './match.ts';
import type { Played } from './play.ts';

/** How many lines around a difference are shown. */
const CONTEXT = 2;

/** How many lines of a difference are shown at most. */
const LONGEST = 40;

/** Whether a step went as the page shows it. */
export function isRight({ step, printed, trouble }: Played): boolean {
  return trouble === undefined && matches(step.output, printed);
}

/** The report on a step that went wrong: where, which command, what is different. */
export function report(page: string, { step, printed, trouble }: Played): string[] {
  const command = step.command === undefined ? '(output that goes on)' : `$ ${step.command}`;
  const lines = [`${page}:${step.line}  ${command.replaceAll('\n', '\n> ')}`];
  if (trouble !== undefined) lines.push(`  ${trouble}; the page was not run any further`);
  if (!matches(step.output, printed)) {
    lines.push(
      '  the page shows (-), the command printed (+):',
      ...difference(step.output, printed),
    );
  } else if (trouble !== undefined) {
    lines.push(...printed.slice(-LONGEST).map((line) => `    ${line}`));
  }
  return lines;
}

function difference(shown: string[], printed: string[]): string[] {
  const rows = align(shown, printed);
  const isFar = (i: number) => rows.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).every(isSame);
  const near = rows.flatMap((row, i) => (isFar(i) ? [] : [text(row)]));
  if (near.length <= LONGEST) return near;
  return [...near.slice(0, LONGEST), `    (${near.length - LONGEST} more lines)`];
}

function isSame({ kind }: Row): boolean {
  return kind === 'same' || kind === 'any';
}

function text(row: Row): string {
  if (row.kind === 'missing') return `  - ${row.shown}`;
  if (row.kind === 'extra') return `  + ${row.printed}`;
  return `    ${row.kind === 'any' ? MARK : row.printed}`;
}
