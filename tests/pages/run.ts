/**
 * Runs pages: types their commands as a reader would and compares what is printed.
 *
 *     node --import tsx tests/pages/run.ts [OPTION...] [PAGE...]
 *
 * Without PAGE: README.md, that of the viewer, and all of lessons/.
 *
 *     --update      writes the real output into the pages
 *     --record DIR  keeps what was printed, one file a page
 *     --replay DIR  runs nothing and compares the pages with what is kept there
 *     --bail        ends a page at the first difference
 *     --sabotage    breaks what a page that passed has printed, and tells what the page doesn't notice
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PageError } from './blocks.ts';
import { troubleOf } from './judge.ts';
import { parsePage, type Step } from './parse.ts';
import { type Played, play, type Stage } from './play.ts';
import { fromRecord, RecordError, toRecord } from './record.ts';
import { difference, report, where } from './report.ts';
import { breaksOf } from './sabotage.ts';
import { reset, stageAt } from './stage.ts';
import { Tally } from './tally.ts';
import { outOfRange, updatePage } from './update.ts';

const { update, record, replay, bail, sabotage, pages } = readArguments();

const stage: Stage = { ...stageAt(process.cwd()), bail };

// Through 'exit', where each terminal ends what it runs.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

let passed = 0;
let failed = 0;
const total = new Tally();
for (const page of pages) {
  if (isOnlyText(page)) {
    console.log(`--   ${page}  has no commands`);
    continue;
  }
  if (!replay) reset(stage);
  if (await runPage(page)) passed++;
  else failed++;
}
if (!replay) reset(stage);
console.log(`${passed} passed, ${failed} failed`);
if (sabotage) console.log(`sabotage: ${total}`);
process.exitCode = failed > 0 ? 1 : 0;

/** A page beside the lessons, such as the glossary, may have nothing to run. A lesson may not. */
function isOnlyText(page: string): boolean {
  const isBeside = /^lessons\/[a-z-]+\.md$/.test(page);
  return isBeside && !/^ *`{3,}console/m.test(readFileSync(page, 'utf8'));
}

async function runPage(page: string): Promise<boolean> {
  const startedAt = Date.now();
  const markdown = readFileSync(page, 'utf8');
  let wrong: string[];
  let commands = 0;
  let unnoticed: string[] = [];
  try {
    const steps = parsePage(markdown);
    commands = steps.filter(({ command }) => command !== undefined).length;
    const played = await playOrReplay(page, steps);
    wrong = update ? writeOutput(page, markdown, played) : report(page, played);
    if (sabotage && wrong.length === 0) [wrong, unnoticed] = breakPage(page, played);
  } catch (error) {
    if (!(error instanceof PageError || error instanceof RecordError)) throw error;
    wrong = [`${page}:${error.line}  ${error.message}`];
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const verdict = wrong.length === 0 ? 'ok  ' : 'FAIL';
  console.log(`${verdict} ${page}  ${commands} commands  ${seconds} s`);
  for (const lines of [wrong, unnoticed]) if (lines.length > 0) console.log(indent(lines));
  return wrong.length === 0;
}

/** @returns what is wrong with the page, and what it may let pass */
function breakPage(page: string, played: Played[]): [string[], string[]] {
  const tally = new Tally(breaksOf(played));
  total.add(tally);
  return [tally.wrong(page), [`${tally}`, ...tally.excused(page)]];
}

async function playOrReplay(page: string, steps: Step[]): Promise<Played[]> {
  const file = `${basename(page, '.md')}.json`;
  if (replay) return fromRecord(steps, JSON.parse(readFileSync(join(replay, file), 'utf8')));
  const played = await play(steps, stage);
  if (record) {
    mkdirSync(record, { recursive: true });
    writeFileSync(join(record, file), `${JSON.stringify(toRecord(played), null, 1)}\n`);
  }
  return played;
}

/**
 * Writes the real output into a page and prints what is different now.
 *
 * @returns why it is not written, when something is wrong that output can't mend
 */
function writeOutput(page: string, markdown: string, played: Played[]): string[] {
  const stopped = played.filter((step) => troubleOf(step) !== undefined);
  if (stopped.length > 0) return report(page, stopped);
  const untrue = played.flatMap((step) => {
    const lines = outOfRange(step).map((line) => `  out of its range: ${line}`);
    return lines.length > 0 ? [where(page, step), ...lines] : [];
  });
  if (untrue.length > 0) return untrue;
  // A line of trouble under a command that shows nothing.
  const hidden = played.filter(({ step }) => step.quiet);
  if (report(page, hidden).length > 0) return report(page, hidden);

  const rewritten = updatePage(markdown, played);
  parsePage(rewritten);
  if (rewritten === markdown) return [];
  writeFileSync(page, rewritten);
  for (const step of played) {
    const rows = difference(step);
    if (rows.length > 0) console.log(indent([`updated ${where(page, step)}`, ...rows]));
  }
  return [];
}

function indent(lines: string[]): string {
  return lines.map((line) => `     ${line}`).join('\n');
}

function readArguments() {
  try {
    const options = {
      update: { type: 'boolean', default: false },
      record: { type: 'string' },
      replay: { type: 'string' },
      bail: { type: 'boolean', default: false },
      sabotage: { type: 'boolean', default: false },
    } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (values.record && values.replay) throw new Error('--record or --replay, not both.');
    for (const page of positionals) readFileSync(page);
    const pages = positionals.length > 0 ? positionals : allPages();
    return { ...values, pages };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(
      'Usage: node --import tsx tests/pages/run.ts [--update] [--record DIR | --replay DIR] [--bail] [--sabotage] [PAGE...]',
    );
    process.exit(2);
  }
}

function allPages(): string[] {
  const lessons = readdirSync('lessons').filter((file) => file.endsWith('.md'));
  const readmes = ['README.md', 'viewer/README.md'].filter((page) => existsSync(page));
  return [...readmes, ...lessons.sort().map((file) => `lessons/${file}`)];
}
