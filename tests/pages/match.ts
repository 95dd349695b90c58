/**
 * What a page shows against what a command printed. Pure.
 *
 * Nothing is let pass but what {@link Shown} says of a line, and what stands in the place of a cut.
 */
import { MARK, type Shown } from './shown.ts';
import { isTrouble } from './trouble.ts';

/** A row of a comparison: what the page shows, what was printed, or both. */
export type Row =
  /** A line that is as shown. */
  | { kind: 'same'; shown: Shown; printed: string }
  /** A `…` alone on a line, and the lines that it stands for. */
  | { kind: 'cut'; shown: Shown; lines: string[] }
  /** A line of the page that was not printed; it had to be, or it had not. */
  | { kind: 'missing' | 'absent'; shown: Shown }
  /** A printed line that the page doesn't show. */
  | { kind: 'extra'; printed: string };

/** A shown line once for each time that it may be printed. */
interface Place {
  shown: Shown;
  /** It need not be printed here. */
  optional: boolean;
}

/** What colours a line or erases it first: Compose 2 does so in `logs`, and the broker in its log. */
const CONTROL = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*[A-Za-z]`, 'g');

/** The lines of a text as a terminal shows them: no control sequences, no white space at ends. */
export function toLines(text: string): string[] {
  if (text === '') return [];
  const plain = text.replaceAll('\r', '').replace(CONTROL, '');
  const lines = plain.replace(/\n$/, '').split('\n');
  return lines.map((line) => line.trimEnd());
}

/** Whether all of `printed` is what the page shows. */
export function matches(shown: Shown[], printed: string[]): boolean {
  return costs(toPlaces(shown), printed).at(-1)?.at(-1) === 0;
}

/**
 * How many lines of `printed` it takes until all that the page shows has appeared.
 * A cut or a line that may be repeated, at the end, takes all that it can.
 *
 * @returns undefined as long as something is missing
 */
export function appeared(shown: Shown[], printed: string[]): number | undefined {
  const places = toPlaces(shown);
  const last = costs(places, printed).at(-1) ?? [];
  const end = places.at(-1);
  const count = end?.optional ? last.lastIndexOf(0) : last.indexOf(0);
  return count === -1 ? undefined : count;
}

/** The comparison with the fewest differences, row by row. */
export function align(shown: Shown[], printed: string[]): Row[] {
  const places = toPlaces(shown);
  const cost = costs(places, printed);
  const at = (i: number, j: number) => cost[i]?.[j] ?? Number.POSITIVE_INFINITY;
  const rows: Row[] = [];
  let i = places.length;
  let j = printed.length;
  while (i > 0 || j > 0) {
    const place = places[i - 1];
    const right = printed[j - 1] ?? '';
    if (place?.shown.isCut) {
      const lines: string[] = [];
      while (j > 0 && at(i, j) !== at(i - 1, j) && !isTrouble(printed[j - 1] ?? '')) {
        lines.unshift(printed[--j] ?? '');
      }
      rows.unshift({ kind: 'cut', shown: place.shown, lines });
      if (at(i, j) === at(i - 1, j)) i--;
      else rows.unshift({ kind: 'extra', printed: printed[--j] ?? '' });
    } else if (place && j > 0 && place.shown.fits(right) && at(i, j) === at(i - 1, j - 1)) {
      rows.unshift({ kind: 'same', shown: place.shown, printed: right });
      i--;
      j--;
    } else if (place?.optional && at(i, j) === at(i - 1, j)) {
      rows.unshift({ kind: 'absent', shown: place.shown });
      i--;
    } else if (place && j > 0 && at(i, j) === at(i - 1, j - 1) + 1) {
      rows.unshift({ kind: 'missing', shown: place.shown }, { kind: 'extra', printed: right });
      i--;
      j--;
    } else if (j > 0 && at(i, j) === at(i, j - 1) + 1) {
      rows.unshift({ kind: 'extra', printed: right });
      j--;
    } else if (place) {
      rows.unshift({ kind: 'missing', shown: place.shown });
      i--;
    }
  }
  return rows;
}

/** The text of a shown or printed row as one line. */
export function textOf(row: Row): string {
  if (row.kind === 'cut') return MARK;
  return 'printed' in row ? row.printed : row.shown.text;
}

function toPlaces(shown: Shown[]): Place[] {
  return shown.flatMap((line) => {
    if (line.isCut) return [{ shown: line, optional: true }];
    return Array.from({ length: line.most }, (_, i) => {
      return { shown: line, optional: i >= line.least };
    });
  });
}

/** `costs[i][j]`: the differences between the first i places and the first j lines printed. */
function costs(places: Place[], printed: string[]): number[][] {
  const table: number[][] = [[0, ...printed.map((_, j) => j + 1)]];
  const troubles = printed.map(isTrouble);
  for (const { shown, optional } of places) {
    const above = table.at(-1) ?? [];
    const row = [(above[0] ?? 0) + (optional ? 0 : 1)];
    for (const [j, line] of printed.entries()) {
      const diagonal = above[j] ?? 0;
      const upper = above[j + 1] ?? 0;
      const left = row[j] ?? 0;
      row.push(
        shown.isCut
          ? Math.min(upper, left + (troubles[j] ? 1 : 0))
          : Math.min(diagonal + (shown.fits(line) ? 0 : 1), upper + (optional ? 0 : 1), left + 1),
      );
    }
    table.push(row);
  }
  return table;
}
