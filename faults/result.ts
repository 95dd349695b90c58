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

/** The rows that must lose by a fault: if they lose nothing, the other cells of its column prove nothing. */
const CONTROLS: Record<string, string[]> = {
  'broker-killed': ROWS.filter(({ promise }) => promise === 'loses').map(({ name }) => name),
  // Nobody flushes a stream. A transient message is lost by the broker's start alone.
  'power-cut': ['stream'],
};

/** What is not as expected, a sentence each. */
export function judge(results: Result[]): string[] {
  return [
    ...results.flatMap((result) => ROWS.flatMap((row) => judgeCell(result, row))),
    ...Object.entries(CONTROLS).flatMap(([experiment, names]) =>
      names.flatMap((name) => judgeControl(results, experiment, name)),
    ),
  ];
}

/** Chance has a part in what is lost: of several runs with one version one must show a loss. */
function judgeControl(results: Result[], experiment: string, name: string): string[] {
  const runs = results.filter((result) => result.experiment === experiment && result.rows[name]);
  const versions = Object.groupBy(runs, ({ version }) => version);
  return Object.entries(versions).flatMap(([version, runs = []]) => {
    if (runs.some(({ rows }) => rows[name]?.totals.lost)) return [];
    const title = ROWS.find((row) => row.name === name)?.title;
    const where = `${runs[0]?.title}, RabbitMQ ${version}, ${title}`;
    return [`${where}: the control has lost nothing, so the other cells prove nothing`];
  });
}

function judgeCell(
  result: Result,
  { name, title, promise, publisher, consumer }: (typeof ROWS)[number],
) {
  const totals = result.rows[name]?.totals;
  const mayLose = result.takes === 'all' || result.takes.split(',').includes(name);
  if (!totals) return [];
  const { lost, unexpected, unexplained, duplicated, denied, unknown } = totals;
  const where = `${result.title}, RabbitMQ ${result.version}, seed ${result.seed}, ${title}`;
  const wrong = (isSo: boolean, what: string) => (isSo ? [`${where}: ${what}`] : []);
  return [
    ...wrong(unexpected > 0, `${unexpected} messages came that nobody had sent`),
    ...wrong(unexplained > 0, `${unexplained} messages came twice for no known reason`),
    ...wrong(consumer === 'once' && duplicated > 0, `${duplicated} messages were taken twice`),
    ...wrong(promise === 'keeps' && lost > 0 && !mayLose, `${lost} messages are lost`),
    ...wrong(denied > 0, `${denied} messages came that had been returned or refused`),
    ...wrong(
      result.experiment === 'producer-killed' && publisher === 'confirmed' && unknown === 0,
      'the producer had no message without a confirm when it was killed, which proves nothing',
    ),
  ];
}
