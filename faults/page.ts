/** Writes GUARANTEES.md and its pictures from all results, and says what is not as expected. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { longRunSections } from './long-run-sections.ts';
import { drawTable } from './picture.ts';
import { judge, type Result } from './result.ts';
import { MARKS, makeTables, splitTable, spread, type Table } from './table.ts';

const FOLDER = '/tmp/page';

const results = read<Result>('*/*/*.json');
const tables = makeTables(results);
const longRuns = longRunSections(read('random/*.json'), read('soak/*.json'));

mkdirSync(FOLDER, { recursive: true });
for (const table of tables) {
  writeFileSync(`${FOLDER}/guarantees-${table.version}.svg`, drawTable(table));
}
writeFileSync(`${FOLDER}/GUARANTEES.md`, writePage(tables));
for (const table of tables) console.log(`\n${inText(table)}`);
const wrong = judge(results);
for (const sentence of wrong) console.error(` [!] ${sentence}`);
process.exit(wrong.length === 0 ? 0 : 1);

function read<Found>(files: string): Found[] {
  const found = globSync(`faults/results/${files}`).toSorted();
  return found.map((file) => JSON.parse(readFileSync(file, 'utf8')));
}

function writePage(tables: Table[]): string {
  const intro = [
    '# What is lost',
    '',
    '<!-- Written by `make guarantees`: a change by hand is lost with its next run. -->',
    '',
    'Each column is a fault, done to real containers while messages flow; each row is a way to send and',
    'to receive. Acknowledged: the broker has confirmed it (without confirms: the library has taken it).',
    'Lost: acknowledged, and never received. Twice: received again, since an ack or a confirm was lost.',
    'Recovered (`7 of 9 came`): nobody had said whether the broker has it, and it was received. The rest is',
    'missing, and not lost: nothing was promised.',
    '',
    `${MARKS.kept} each acknowledged message came once · ${MARKS.twice} none lost, some came twice · ` +
      `${MARKS.lost} some are lost · ${MARKS['not run']} not run`,
  ];
  return `${[...intro, ...tables.flatMap(section), ...longRuns].join('\n')}\n`;
}

function section(table: Table): string[] {
  const { version, seed, columns } = table;
  return [
    '',
    `## RabbitMQ ${version}`,
    '',
    `![The table below, in colours](guarantees-${version}.svg)`,
    ...splitTable(table).flatMap(band),
    '',
    `Repeat it: \`make guarantees SEED=${seed}\`.`,
    '',
    `| The fault | Acknowledged | Lost | Twice | Recovered | New messages after its end, ms |`,
    '|---|---|---|---|---|---|',
    ...columns.map(sums),
  ];
}

function band({ columns, rows }: Table): string[] {
  const titles = columns.map(([{ title }]) => title);
  return [
    '',
    `| | ${titles.join(' | ')} |`,
    `|---|${titles.map(() => '---|').join('')}`,
    ...rows.map(
      ({ title, cells }) =>
        `| ${title} | ${cells.map(({ verdict, words }) => `${MARKS[verdict]} ${words}`).join(' | ')} |`,
    ),
  ];
}

/** All rows of a column together, with the words that the table has no room for. */
function sums(runs: Table['columns'][number]): string {
  const [{ title, what, notRun }] = runs;
  const name = `**${title}**${runs.length > 1 ? ` (${runs.length} times)` : ''}: ${what}`;
  const numbers = add(runs);
  if (!numbers) return `| ${name} Not run: ${notRun} | | | | | |`;
  return `| ${name} | ${Object.values(numbers).join(' | ')} |`;
}

/** The sums of all rows and runs, in the order of the table; nothing where there are no rows. */
function add(runs: Table['columns'][number]) {
  const cells = runs.flatMap(({ rows }) => Object.values(rows));
  if (cells.length === 0) return;
  const sum = (word: 'acknowledged' | 'lost' | 'duplicated' | 'recovered') =>
    cells.reduce((total, { totals }) => total + totals[word], 0);
  return {
    acknowledged: sum('acknowledged'),
    lost: sum('lost'),
    duplicated: sum('duplicated'),
    recovered: sum('recovered'),
    back: spread(cells.map(({ recoveryMs }) => recoveryMs)),
  };
}

function sayNumbers(runs: Table['columns'][number]): string {
  const numbers = add(runs);
  if (!numbers) return `not run: ${runs[0].notRun}`;
  const { acknowledged, lost, duplicated, recovered, back } = numbers;
  return (
    `${acknowledged} acknowledged, ${lost} lost, ${duplicated} duplicated, ${recovered} recovered; ` +
    `new messages ${back} ms after the fault's end`
  );
}

function inText({ version, columns, rows }: Table): string {
  const lines = columns.map((runs, column) => [
    `${runs[0].title}: ${sayNumbers(runs)}`,
    ...rows.map(({ title, cells }) => {
      const { verdict, words } = cells[column] ?? { verdict: 'not run', words: '' };
      return `  ${MARKS[verdict]} ${title.padEnd(42)} ${words}`;
    }),
  ]);
  return [`RabbitMQ ${version}`, ...lines.flat()].join('\n');
}
