/** bench/RESULTS.md: the tables, the charts, and on what they were measured. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { valuesOf } from './charts.ts';
import type { Chart } from './growth.ts';
import type { Rounds } from './rounds.ts';
import { showSpread, type Table, toMarkdown } from './table.ts';

interface Measured {
  broker: string;
  pika: string;
  rounds: { table: number; charts: number };
  tables: Table[];
  goals: string[];
  charts: Chart[];
  results: Map<string, Rounds>;
}

/** The versions of all that is compared, in one line. */
export function describeVersions(broker: string, pika: string): string {
  const clients = [
    `amqplib ${versionOf('../package-lock.json', 'amqplib')} (the lab's client stands on it)`,
    `rabbitmq-client ${versionOf('package-lock.json', 'rabbitmq-client')}`,
    `@cloudamqp/amqp-client ${versionOf('package-lock.json', '@cloudamqp/amqp-client')}`,
    `pika ${pika}`,
  ];
  return [broker, `Node ${process.versions.node}`, ...clients].join(', ');
}

/** The machine, without its name. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${availableParallelism()} cores (${model}), ${memory} GB of memory`;
}

/** What a cell of the tables is, in words. */
export const CELL =
  'A cell: median, ± half of the way from the lowest to the highest round, and the median ratio to ' +
  'the same round of amqplib.';

/** The whole page. */
export function writePage(measured: Measured): string {
  const { broker, pika, rounds, tables, goals, charts, results } = measured;
  return `# What it costs

Written by \`bench/run --full\`. The ratios tell more than the figures: those are of one machine, with
broker and clients on it together. \`make bench\` measures yours, in about three minutes.

- Machine: ${describeMachine()}
- Versions: ${describeVersions(broker, pika)}
- Measured: ${new Date().toISOString().slice(0, 10)}, in ${rounds.table} rounds for the tables and ${rounds.charts} for the charts

## The clients beside each other

${CELL}

All send the same messages, with a \`messageId\` and \`noDelay\`, to a durable classic queue; each
measurement is a process of its own, and the clients take turns.

- *publish*: all at once, then all confirms are waited for. pika has none here: its BlockingConnection
  waits for each, or for nothing
- *one by one*: each after the confirm of the one before
- *window 1000*: up to 1,000 unconfirmed
- *consume*: from a queue that was filled before, prefetch 100, each message is acked
- *latency*: from the publish to the delivery to the same process

${tables.map(toMarkdown).join('\n')}
The goal for the lab's client, beside amqplib alone:

${goals.map((goal) => `- ${goal}`).join('\n')}

## How cost grows

With the lab's client. A point is a median; the thin line goes from the lowest to the highest round.

${charts.map((chart) => describeChart(chart, results)).join('\n')}`;
}

function describeChart(chart: Chart, results: Map<string, Rounds>): string {
  const columns = chart.panels.flatMap((panel) =>
    panel.lines.map((line) => ({
      name: panel.lines.length > 1 ? `${line.name}, ${panel.unit}` : panel.title,
      values: valuesOf(panel, line, results),
    })),
  );
  const table = toMarkdown({
    title: 'As figures',
    header: [chart.axis || 'queue', ...columns.map(({ name }) => name)],
    rows: chart.steps.map((step, index) => [
      step,
      ...columns.map(({ values }) => showSpread(values[index] ?? [])),
    ]),
  });
  return `### ${chart.title}\n\n![${chart.title}](charts/${chart.name}.svg)\n\n${table}`;
}

function versionOf(lockFile: string, name: string): string {
  const lock = JSON.parse(readFileSync(`${import.meta.dirname}/${lockFile}`, 'utf8'));
  return lock.packages[`node_modules/${name}`].version;
}
