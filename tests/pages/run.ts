/**
 * Runs pages: types their commands as a reader would and compares what is printed.
 *
 *     node --import tsx tests/pages/run.ts [--update] [PAGE...]
 *
 * Without PAGE: README.md and all of lessons/. `--update` writes the real output into the pages.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs, promisify } from 'node:util';
import { pageEnvironment } from './environment.ts';
import { PageError, parsePage, type Step } from './parse.ts';
import { play, type Stage } from './play.ts';
import { isRight, report } from './report.ts';
import { updatePage } from './update.ts';

/** Makes a clean lab: before each page, and after the last one. */
const RESET = 'make reset';

const stage: Stage = {
  cwd: process.cwd(),
  env: pageEnvironment(process.env),
  readMs: 30_000,
  commandMs: 300_000,
};

const { update, pages } = readArguments();
// Through 'exit', where each terminal ends what it runs.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

let passed = 0;
let failed = 0;
for (const page of pages) {
  if (isOnlyText(page)) {
    console.log(`--   ${page}  has no commands`);
    continue;
  }
  await reset();
  if (await runPage(page)) passed++;
  else failed++;
}
await reset();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** A page beside the lessons, such as the glossary, may have nothing to run. A lesson may not. */
function isOnlyText(page: string): boolean {
  const isBeside = /^lessons\/[a-z-]+\.md$/.test(page);
  return isBeside && !/^ *`{3,}console/m.test(readFileSync(page, 'utf8'));
}

async function runPage(page: string): Promise<boolean> {
  const startedAt = Date.now();
  const markdown = readFileSync(page, 'utf8');
  const steps = readSteps(page, markdown);
  const played = await play(steps, stage);
  const rewrite = update && played.every(({ trouble }) => trouble === undefined);
  const wrong = rewrite ? [] : played.filter((step) => !isRight(step));
  const rewritten = rewrite ? updatePage(markdown, played) : markdown;
  if (rewritten !== markdown) writeFileSync(page, rewritten);

  const passed = steps.length > 0 && wrong.length === 0;
  const commands = steps.filter(({ command }) => command !== undefined).length;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  const updated = rewritten === markdown ? '' : '  updated';
  const verdict = passed ? 'ok  ' : 'FAIL';
  console.log(`${verdict} ${page}  ${commands} commands  ${seconds} s${updated}`);
  for (const step of wrong) console.log(indent(report(page, step)));
  return passed;
}

/** None when the page cannot be run; then it says why. */
function readSteps(page: string, markdown: string): Step[] {
  try {
    return parsePage(markdown);
  } catch (error) {
    if (!(error instanceof PageError)) throw error;
    console.log(indent([`${page}:${error.line}  ${error.message}`]));
    return [];
  }
}

async function reset(): Promise<void> {
  const options = { cwd: stage.cwd, env: stage.env, timeout: stage.commandMs };
  try {
    await promisify(execFile)('bash', ['-c', `exec 2>&1; ${RESET}`], options);
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? error.stdout : error;
    console.log(`FAIL ${RESET}\n${output}`);
    process.exit(1);
  }
}

function indent(lines: string[]): string {
  return lines.map((line) => `     ${line}`).join('\n');
}

function readArguments(): { update: boolean; pages: string[] } {
  try {
    const options = { update: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    for (const page of positionals) readFileSync(page);
    return { update: values.update, pages: positionals.length > 0 ? positionals : allPages() };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error('Usage: node --import tsx tests/pages/run.ts [--update] [PAGE...]');
    process.exit(2);
  }
}

function allPages(): string[] {
  const lessons = readdirSync('lessons').filter((file) => file.endsWith('.md'));
  return ['README.md', ...lessons.sort().map((file) => `lessons/${file}`)];
}
