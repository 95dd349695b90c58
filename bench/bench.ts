/**
 * Measures what a message costs on this machine, and prints it. Runs in the container of bench/run.
 * Usage: node bench/bench.ts [--full] [--rounds N] [--only WORDS]
 *   --full          all rows, and the charts: what bench/run copies to bench/RESULTS.md
 *   --rounds N      how many, in place of 3 (with --full 7, and 5 for the charts)
 *   --only WORDS    of the table only the rows whose name has these words
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openBroker } from './broker.ts';
import { drawChart } from './charts.ts';
import { checkGoals } from './goals.ts';
import { planCharts } from './growth.ts';
import { CELL, describeMachine, describeVersions, writePage } from './page.ts';
import { runRounds } from './rounds.ts';
import { planTable } from './rows.ts';
import { makeTables, toText } from './table.ts';

const RESULTS = '/tmp/results';

const { values: given } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});

const plan = planTable(given);
const rounds = Number(given.rounds ?? plan.rounds);
const rows = plan.rows.filter(({ name }) => name.includes(given.only));

const broker = await openBroker('broker');
const pika = execFileSync('python3', ['-c', 'import pika; print(pika.__version__)'], {
  encoding: 'utf8',
}).trim();
console.log(`${describeMachine()}\n${describeVersions(broker.version, pika)}\n`);

const results = await runRounds({ rounds, rows }, broker, (line) => console.log(`tables: ${line}`));
const tables = makeTables(rows, results);
const goals = checkGoals(rows, results);
console.log(`\n${CELL}\n\n${tables.map(toText).join('\n')}`);
console.log(`The goal for the lab's client, beside amqplib alone:\n  ${goals.join('\n  ')}\n`);

if (given.full) await drawCharts();
await broker.close();

async function drawCharts(): Promise<void> {
  const { charts, ...growth } = planCharts();
  const chartRounds = Number(given.rounds ?? growth.rounds);
  const say = (line: string) => console.log(`charts: ${line}`);
  const grown = await runRounds({ rounds: chartRounds, rows: growth.rows }, broker, say);
  mkdirSync(`${RESULTS}/charts`, { recursive: true });
  for (const chart of charts) {
    writeFileSync(`${RESULTS}/charts/${chart.name}.svg`, drawChart(chart, grown));
  }
  const page = writePage({
    broker: broker.version,
    pika,
    rounds: { table: rounds, charts: chartRounds },
    tables,
    goals,
    charts,
    results: grown,
  });
  writeFileSync(`${RESULTS}/RESULTS.md`, page);
}
