/** What is wrong with a page, in words and lines. Pure. */
import { isRight, troubleOf } from './judge.ts';
import { align, matches, type Row, textOf } from './match.ts';
import type { Played } from './play.ts';

/** How many lines around a difference are shown. */
const CONTEXT = 2;

/** How many lines of a difference are shown at most. */
const LONGEST = 40;

/** The report on the steps that went wrong: where, which command, what is different. */
export function report(page: string, played: Played[]): string[] {
  return played.filter((step) => !isRight(step)).flatMap((step) => reportStep(page, step));
}

function reportStep(page: string, played: Played): string[] {
  const { step, printed } = played;
  const trouble = troubleOf(played);
  const lines = [where(page, played)];
  if (trouble !== undefined) lines.push(`  ${trouble}; the page was not run any further`);
  if (!matches(step.shown, printed)) {
    lines.push('  the page shows (-), the command printed (+):', ...difference(played));
  } else if (trouble !== undefined) {
    lines.push(...printed.slice(-LONGEST).map((line) => `    ${line}`));
  }
  return lines;
}

/** A step's place and command. */
export function where(page: string, { step }: Played): string {
  const command = step.command === undefined ? '(output that goes on)' : `$ ${step.command}`;
  return `${page}:${step.line}  ${command.replaceAll('\n', '\n> ')}`;
}

/** Where a step's output differs from what the page shows; nothing if it doesn't. */
export function difference({ step, printed }: Played): string[] {
  const rows = align(step.shown, printed);
  const isFar = (i: number) => rows.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).every(isSame);
  const near = rows.flatMap((row, i) => (isFar(i) || row.kind === 'absent' ? [] : [text(row)]));
  if (near.length <= LONGEST) return near;
  return [...near.slice(0, LONGEST), `    (${near.length - LONGEST} more lines)`];
}

/**
 * The first thing that is not as the page shows it, in one line; undefined if all is right.
 */
export function firstDifference(played: Played[]): string | undefined {
  const wrong = played.find((step) => !isRight(step));
  if (!wrong) return undefined;
  const { step, printed } = wrong;
  const rows = align(step.shown, printed);
  const first = rows.findIndex((row) => !isSame(row));
  if (first === -1) return `line ${step.line}: ${troubleOf(wrong)}`;
  const end = rows.findIndex((row, i) => i > first && isSame(row));
  const different = rows.slice(first, end === -1 ? rows.length : end);
  const missing = different.find((row) => row.kind === 'missing');
  const extra = different.find((row) => row.kind === 'extra');
  const at = missing && 'shown' in missing ? step.shown.indexOf(missing.shown) : -1;
  const line = at === -1 ? step.line : step.outputLine + at;
  const words = (row: Row | undefined, none: string) => (row ? `\`${textOf(row)}\`` : none);
  return `line ${line}: expected ${words(missing, 'no more')}, saw ${words(extra, 'nothing')}`;
}

function isSame({ kind }: Row): boolean {
  return kind === 'same' || kind === 'cut' || kind === 'absent';
}

function text(row: Row): string {
  const mark = { missing: '- ', extra: '+ ' }[row.kind as string] ?? '  ';
  return `  ${mark}${textOf(row)}`;
}
