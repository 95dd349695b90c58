/** Why a page may be true although what a command printed was broken. Pure. */
import { align, type Row } from './match.ts';
import { CTRL_C } from './parse.ts';
import type { Played } from './play.ts';
import type { Shown } from './shown.ts';

/** Each is something that the page itself says. */
export type Excuse =
  /** The comment beside the block allows the other number too. */
  | 'in its range'
  /** The comment says `any text`, or the like. */
  | 'any text'
  /** The comment says how often the line may come. */
  | 'that many lines'
  /** A cut next to it takes one more line, or gives one in its place. */
  | 'beside a cut'
  /** What the page shows of the two lines is the same. */
  | 'alike';

/** A printed line that the page shows, and what it shows beside it. */
export interface Place {
  at: number;
  line: string;
  shown: Shown;
  /** How many of the printed lines stand for the same line of the page. */
  count: number;
  before: Row | undefined;
  after: Row | undefined;
}

/** Where the printed lines stand that the page shows, and that are no cut. */
export function placesOf({ step, printed }: Played): Place[] {
  const places: Place[] = [];
  const rows = align(step.shown, printed).filter(({ kind }) => kind !== 'absent');
  let at = 0;
  for (const [i, row] of rows.entries()) {
    if (row.kind === 'same' && row.printed !== CTRL_C) {
      const { shown, printed: line } = row;
      const count = rows.filter((other) => other.kind === 'same' && other.shown === shown).length;
      places.push({ at, line, shown, count, before: rows[i - 1], after: rows[i + 1] });
    }
    if (row.kind === 'cut') at += row.lines.length;
    else if (row.kind === 'same' || row.kind === 'extra') at++;
  }
  return places;
}

/** The excuse for another number, which stands at `index` of a line. */
export function excuseNumber({ shown, line }: Place, index: number): Excuse | undefined {
  const piece = shown.pieces(line).find(({ from, to }) => from <= index && index < to);
  if (!piece) return undefined;
  return piece.value.range ? 'in its range' : 'any text';
}

/** The excuse for a line that is lost, that comes twice or too often, or that changes places with the next. */
export function excuseLine(
  { shown, count, before, after }: Place,
  change: 'lost' | 'doubled' | 'more' | 'swapped',
): Excuse | undefined {
  const cuts = [before, after].filter((row) => row?.kind === 'cut');
  const replaced = cuts.some(({ lines }) => lines.some((line) => shown.fits(line)));
  switch (change) {
    case 'lost':
      if (count > shown.least) return 'that many lines';
      return replaced ? 'beside a cut' : undefined;
    case 'doubled':
      if (count < shown.most) return 'that many lines';
      return cuts.length > 0 ? 'beside a cut' : undefined;
    case 'more':
      return cuts.length > 0 ? 'beside a cut' : undefined;
    case 'swapped':
      if (after?.kind === 'cut')
        return replaced || before?.kind === 'cut' ? 'beside a cut' : undefined;
      return after?.kind === 'same' && shown.fits(after.printed) ? 'alike' : undefined;
  }
}
