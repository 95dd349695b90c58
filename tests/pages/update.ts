/** A page with the output that its commands really gave. Pure. */
import { align, MARK } from './match.ts';
import type { Step } from './parse.ts';

/**
 * Replaces the output of steps in a page. Commands and prose stay as they are, and so does every
 * line that still matches, with its marks.
 *
 * @param played steps of this page with the lines that were printed
 */
export function updatePage(markdown: string, played: { step: Step; printed: string[] }[]): string {
  const rows = markdown.split('\n');
  // From the end, so that the line numbers of what is still to be done stay right.
  for (const { step, printed } of played.toReversed()) {
    const output = updateOutput(step.output, printed).map((line) => (step.indent + line).trimEnd());
    rows.splice(step.outputLine - 1, step.output.length, ...output);
  }
  return rows.join('\n');
}

/** The printed lines, and in their places the marks that still hold. */
export function updateOutput(shown: string[], printed: string[]): string[] {
  return align(shown, printed).flatMap((row) => {
    if (row.kind === 'any') return [MARK];
    if (row.kind === 'same') return [row.shown];
    return row.kind === 'extra' ? [showable(row.printed)] : [];
  });
}

/** A printed line that looks like a command or the end of the block must not become one. */
function showable(line: string): string {
  return line.replace(/^(?:\$(?= )| {0,3}(?:`{3,}|~{3,}))/, MARK);
}
