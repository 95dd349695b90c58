/**
 * What a page shows against what a command printed. Pure.
 *
 * Two marks, both visible in the page, stand for what varies: `…` within a line is any text, also
 * none, and with the spaces after it that fill its column; `…` alone on a line is any number of
 * lines, also none. Nothing else is let pass.
 */

/** The mark for what varies from run to run. */
export const MARK = '…';

/** A mark in a column: how many spaces follow depends on how long the text is that it stands for. */
const FILLED = new RegExp(`${MARK} +`, 'g');

/** A row of a comparison: what the page shows, what was printed, or both. */
export type Row =
  /** A line that is as shown. */
  | { kind: 'same'; shown: string; printed: string }
  /** A `…` alone on a line, and the lines that it stands for. */
  | { kind: 'any'; lines: string[] }
  /** A line of the page that was not printed. */
  | { kind: 'missing'; shown: string }
  /** A printed line that the page doesn't show. */
  | { kind: 'extra'; printed: string };

/** The lines of a text as a terminal shows them: no carriage returns, no white space at ends. */
export function toLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.replaceAll('\r', '').replace(/\n$/, '').split('\n');
  return lines.map((line) => line.trimEnd());
}

/** Whether all of `printed` is what the page shows. */
export function matches(shown: string[], printed: string[]): boolean {
  return costs(shown, printed).at(-1)?.at(-1) === 0;
}

/**
 * How many lines of `printed` it takes until all that the page shows has appeared.
 * A `…` at the end takes all there is.
 *
 * @returns undefined as long as something is missing
 */
export function appeared(shown: string[], printed: string[]): number | undefined {
  const count = costs(shown, printed).at(-1)?.indexOf(0) ?? -1;
  if (count === -1) return undefined;
  return isAnyLines(shown.at(-1)) ? printed.length : count;
}

/** The comparison with the fewest differences, row by row. */
export function align(shown: string[], printed: string[]): Row[] {
  const cost = costs(shown, printed);
  const at = (i: number, j: number) => cost[i]?.[j] ?? Number.POSITIVE_INFINITY;
  const rows: Row[] = [];
  let i = shown.length;
  let j = printed.length;
  while (i > 0 || j > 0) {
    const left = shown[i - 1] ?? '';
    const right = printed[j - 1] ?? '';
    if (i > 0 && isAnyLines(left)) {
      const lines: string[] = [];
      while (j > 0 && at(i, j) !== at(i - 1, j)) lines.unshift(printed[--j] ?? '');
      rows.unshift({ kind: 'any', lines });
      i--;
    } else if (i > 0 && j > 0 && lineMatches(left, right) && at(i, j) === at(i - 1, j - 1)) {
      rows.unshift({ kind: 'same', shown: left, printed: right });
      i--;
      j--;
    } else if (i > 0 && j > 0 && at(i, j) === at(i - 1, j - 1) + 1) {
      rows.unshift({ kind: 'missing', shown: left }, { kind: 'extra', printed: right });
      i--;
      j--;
    } else if (j > 0 && at(i, j) === at(i, j - 1) + 1) {
      rows.unshift({ kind: 'extra', printed: right });
      j--;
    } else {
      rows.unshift({ kind: 'missing', shown: left });
      i--;
    }
  }
  return rows;
}

function isAnyLines(shown: string | undefined): boolean {
  return shown?.trim() === MARK;
}

function lineMatches(shown: string, printed: string): boolean {
  const [first = '', ...others] = shown.trimEnd().replaceAll(FILLED, `${MARK} `).split(MARK);
  if (others.length === 0) return first === printed;
  const last = others.pop() ?? '';
  let from = first.length;
  if (!printed.startsWith(first)) return false;
  for (const part of others) {
    const found = printed.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return printed.length - last.length >= from && printed.endsWith(last);
}

/** `costs[i][j]`: the differences between the first i lines shown and the first j printed. */
function costs(shown: string[], printed: string[]): number[][] {
  const table: number[][] = [[0, ...printed.map((_, j) => j + 1)]];
  for (const line of shown) {
    const above = table.at(-1) ?? [];
    const any = isAnyLines(line);
    const row = [(above[0] ?? 0) + (any ? 0 : 1)];
    for (const [j, got] of printed.entries()) {
      const diagonal = above[j] ?? 0;
      const upper = above[j + 1] ?? 0;
      const left = row[j] ?? 0;
      row.push(
        any
          ? Math.min(upper, left)
          : lineMatches(line, got)
            ? diagonal
            : 1 + Math.min(diagonal, upper, left),
      );
    }
    table.push(row);
  }
  return table;
}
