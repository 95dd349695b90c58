/** A page with the output that its commands really gave. Pure. */
import { align } from './match.ts';
import type { Step } from './parse.ts';
import { MARK, type Shown, UNSEEN } from './shown.ts';

/** A step of a page, and the lines that it printed. */
interface Printed {
  step: Step;
  printed: string[];
}

/**
 * Replaces the output of steps in a page. Commands and prose stay as they are, and so does every
 * line that still holds, with its values and its cuts.
 */
export function updatePage(markdown: string, played: Printed[]): string {
  const rows = markdown.split('\n');
  // From the end, so that the line numbers of what is still to be done stay right.
  for (const { step, printed } of played.toReversed()) {
    const output = updateOutput(step.shown, printed).map((line) => (step.indent + line).trimEnd());
    rows.splice(step.outputLine - 1, step.output.length, ...output);
  }
  return rows.join('\n');
}

/** The printed lines, and in their places the shown ones that still hold. */
export function updateOutput(shown: Shown[], printed: string[]): string[] {
  const kept = new Set<Shown>();
  return align(shown, printed).flatMap((row) => {
    if (row.kind === 'extra') return [showable(row.printed)];
    if (row.kind === 'missing' || row.shown === UNSEEN) return [];
    // A line that may be repeated has several rows, and so has a cut that holds a line of trouble.
    const again = kept.has(row.shown) && !(row.kind === 'cut' && row.lines.length > 0);
    kept.add(row.shown);
    return again ? [] : [row.shown.text];
  });
}

/**
 * The lines in which a value is not what the comment beside the block says, or that come too often
 * or too seldom for it: what the page says about them is not true any more.
 */
export function outOfRange({ step, printed }: Printed): string[] {
  return align(step.shown, printed).flatMap((row) => {
    if (row.kind === 'missing') return row.shown.most > 1 ? [row.shown.text] : [];
    if (row.kind !== 'extra') return [];
    const isBad = step.shown.some((line) => {
      return line.fitsBadly(row.printed) || (line.most > 1 && line.fits(row.printed));
    });
    return isBad ? [row.printed] : [];
  });
}

/** A printed line that looks like a command or the end of the block must not become one. */
function showable(line: string): string {
  return /^(?:\$ | {0,3}(?:`{3,}|~{3,}))/.test(line) ? MARK : line;
}
