/** What the experiments have shown, and whether that is what was expected. Pure. */
import type { Totals } from './ledger.ts';
import { ROWS } from './rows.ts';

/** One run of an experiment. */
export interface Result {
  /** The name of its file. */
  experiment: string;
  title: string;
  what: string;
  version: string;
  seed: number;
  /** The names of the rows that may lose messages by it, with commas between them, or `all`. */
  takes: string;
  /** By the rows' names. */
  rows: Record<string, Cell>;
  /** Why there are no rows. */
  notRun?: string;
}

export interface Cell {
  totals: Totals;
  /** From the end of the fault until a new message was confirmed and received, in milliseconds. */
  recoveryMs: number;
}

/** What is not as expected, a sentence each. */
export function judge(results: Result[]): string[] {
  return results.flatMap((result) => ROWS.flatMap((row) => judgeCell(result, row)));
}

function judgeCell(result: Result, { name, title, promise, consumer }: (typeof ROWS)[number]) {
  const totals = result.rows[name]?.totals;
  const mayLose = result.takes === 'all' || result.takes.split(',').includes(name);
  if (!totals) return [];
  const { lost, unexpected, unexplained, duplicated } = totals;
  const where = `${result.title}, RabbitMQ ${result.version}, seed ${result.seed}, ${title}`;
  const wrong = (isSo: boolean, what: string) => (isSo ? [`${where}: ${what}`] : []);
  return [
    ...wrong(unexpected > 0, `${unexpected} messages came that nobody had sent`),
    ...wrong(unexplained > 0, `${unexplained} messages came twice for no known reason`),
    ...wrong(consumer === 'once' && duplicated > 0, `${duplicated} messages were taken twice`),
    ...wrong(promise === 'keeps' && lost > 0 && !mayLose, `${lost} messages are lost`),
    ...wrong(
      promise === 'loses' && lost === 0 && result.experiment === 'broker-killed',
      'the control has lost nothing, so the other cells prove nothing',
    ),
  ];
}
