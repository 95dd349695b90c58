/** The results as tables: of text for a terminal, of Markdown for a page. */
import type { ClientName, Result } from './measurement.ts';
import { CLIENTS } from './measurement.ts';
import type { Rounds } from './rounds.ts';
import type { Row } from './rows.ts';
import { median, ratio, spread } from './statistics.ts';

export interface Table {
  title: string;
  header: string[];
  rows: string[][];
}

/** What one table shows of the results. */
interface View {
  title: string;
  of: (result: Result) => number | undefined;
  rows: (row: Row) => boolean;
  /** The third part of a cell: how it compares with the first client. */
  compare: (values: number[], others: number[]) => string;
}

const times = (values: number[], others: number[]) => `${ratio(values, others).toFixed(2)}x`;
const difference = (values: number[], others: number[]) => {
  const more = Math.round(median(values) - median(others));
  return `${more < 0 ? '-' : '+'}${Math.abs(more)}`;
};

const VIEWS: View[] = [
  {
    title: 'Messages a second (more is better)',
    of: (result) => result.messages,
    rows: (row) => row.measurement.workload !== 'latency',
    compare: times,
  },
  {
    title: "CPU of the client's process for one message, in microseconds (less is better)",
    of: (result) => result.cpu,
    rows: (row) => row.measurement.workload !== 'latency',
    compare: times,
  },
  {
    title: 'Latency at 500 messages a second: median, in milliseconds (less is better)',
    of: (result) => result.p50,
    rows: (row) => row.measurement.workload === 'latency',
    compare: times,
  },
  {
    title:
      'Latency at 500 messages a second: 99 of 100 are faster, in milliseconds (less is better)',
    of: (result) => result.p99,
    rows: (row) => row.measurement.workload === 'latency',
    compare: times,
  },
  {
    title: "Growth of the client's process in a window of 1,000, in MB (less is better)",
    of: (result) => result.rss,
    rows: (row) => row.measurement.workload === 'publish' && row.measurement.window === 1000,
    compare: difference,
  },
];

/** The tables of all results. A cell: the median, its spread, and how it compares with amqplib. */
export function makeTables(rows: Row[], results: Map<string, Rounds>): Table[] {
  return VIEWS.map((view) => ({
    title: view.title,
    header: ['', ...CLIENTS],
    rows: rows
      .filter(view.rows)
      .map((row) => [
        row.name,
        ...CLIENTS.map((client) => cell(view, results.get(row.name), client)),
      ]),
  })).filter((table) => table.rows.length > 0);
}

function cell({ of, compare }: View, rounds: Rounds | undefined, client: ClientName): string {
  const valuesOf = (name: ClientName) => (rounds?.get(name) ?? []).map((r) => of(r) ?? Number.NaN);
  const values = valuesOf(client);
  if (values.length === 0) return '-';
  const measured = showSpread(values);
  return client === CLIENTS[0] ? measured : `${measured} ${compare(values, valuesOf(CLIENTS[0]))}`;
}

/** "41,200 ±6%": three digits are more than the rounds agree on. */
export function showSpread(values: number[]): string {
  return `${show(median(values))} ±${Math.round(spread(values) * 100)}%`;
}

export function show(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

export function toText({ title, header, rows }: Table): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((l) => l[column]?.length ?? 0)));
  const pad = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return [title, ...lines.map((line) => `  ${line.map(pad).join('  ')}`), ''].join('\n');
}

export function toMarkdown({ title, header, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const rule = line(header.map((_, column) => (column === 0 ? '---' : '---:')));
  return [`**${title}**`, '', line(header), rule, ...rows.map(line), ''].join('\n');
}
