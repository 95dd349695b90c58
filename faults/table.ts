/** The results of one version of the broker as a table. Pure. */
import type { Cell, Result } from './result.ts';
import { ROWS } from './rows.ts';

/** `kept`: each acknowledged message came once. `twice`: none lost, some came again. */
export type Verdict = 'lost' | 'twice' | 'kept' | 'not run';

/** What stands for a verdict where there are no colours. */
export const MARKS: Record<Verdict, string> = { lost: '✗', twice: '≈', kept: '✓', 'not run': '–' };

export interface TableCell {
  verdict: Verdict;
  /**
   * How many were lost, or came twice, or were returned; where it was run several times, from the least
   * to the most. Else how many of those came of which nobody knew.
   */
  words: string;
}

export interface Table {
  version: string;
  seed: number;
  /** The runs of each column; the first one speaks for them. */
  columns: [Result, ...Result[]][];
  rows: { title: string; cells: TableCell[] }[];
}

/** One table for each version, its columns in the order of their names. */
export function makeTables(results: Result[]): Table[] {
  const versions = Object.groupBy(results, ({ version }) => version);
  return Object.entries(versions).map(([version, runs = []]) => {
    const columns = Object.values(Object.groupBy(runs, ({ experiment }) => experiment));
    return {
      version,
      seed: Math.min(...runs.map(({ seed }) => seed)),
      columns: columns as Table['columns'],
      rows: ROWS.map(({ name, title }) => ({
        title,
        cells: columns.map((column = []) => makeCell(column.map(({ rows }) => rows[name]))),
      })),
    };
  });
}

/** How many columns a page has room for. */
const WIDEST = 7;

/** The same table in bands, one below the other: all rows, and some of the columns in each. */
export function splitTable({ columns, rows, ...others }: Table): Table[] {
  const count = Math.ceil(columns.length / WIDEST);
  const width = Math.ceil(columns.length / count);
  return Array.from({ length: count }, (_, band) => {
    const part = <T>(list: T[]) => list.slice(band * width, (band + 1) * width);
    return {
      ...others,
      columns: part(columns),
      rows: rows.map(({ title, cells }) => ({ title, cells: part(cells) })),
    };
  });
}

function makeCell(runs: (Cell | undefined)[]): TableCell {
  const cells = runs.filter((cell) => cell !== undefined);
  if (cells.length === 0) return { verdict: 'not run', words: 'not run' };
  const lost = cells.map(({ totals }) => totals.lost);
  const twice = cells.map(({ totals }) => totals.duplicated);
  if (lost.some(Boolean)) return { verdict: 'lost', words: `${spread(lost)} lost` };
  if (twice.some(Boolean)) return { verdict: 'twice', words: `${spread(twice)} twice` };
  const returned = cells.map(({ totals }) => totals.returned);
  if (returned.some(Boolean)) return { verdict: 'kept', words: `${spread(returned)} returned` };
  const sum = (word: 'unknown' | 'recovered') =>
    cells.reduce((total, { totals }) => total + totals[word], 0);
  if (sum('unknown') > 0)
    return { verdict: 'kept', words: `${sum('recovered')} of ${sum('unknown')} came` };
  return { verdict: 'kept', words: 'each once' };
}

/** "3", or "1 to 5". */
export function spread(numbers: number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? `${least}` : `${least} to ${most}`;
}
