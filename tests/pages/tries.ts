/**
 * Does what the lessons ask their readers to try, and compares what is then seen.
 *
 *     node --import tsx tests/pages/tries.ts [LESSON...]
 *
 * Each lesson's page in tests/tries/ is played in a copy of this folder, since some of the things to
 * try change a program. Without LESSON: all of them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { parsePage } from './parse.ts';
import { play } from './play.ts';
import { report } from './report.ts';
import { copyLab, removeCopy, reset, stageAt } from './stage.ts';

const PAGES = 'tests/tries';

const lessons = readArguments();
// The name holds for this folder alone, so that two copies of the lab can be tried at once.
const stage = stageAt(copyLab(), `rabbitmq-lab-tries-${crc32(process.cwd())}`);
process.once('exit', () => removeCopy(stage));
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));

let failed = 0;
for (const lesson of lessons) {
  const page = `${PAGES}/${lesson}.md`;
  const startedAt = Date.now();
  copyLab(stage.cwd);
  reset(stage);
  const wrong = report(page, await play(parsePage(readFileSync(page, 'utf8')), stage));
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${page}  ${seconds} s`);
  for (const line of wrong) console.log(`     ${line}`);
  if (wrong.length > 0) failed++;
}
console.log(`${lessons.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function readArguments(): string[] {
  const given = process.argv.slice(2);
  const unknown = given.find((lesson) => !existsSync(`${PAGES}/${lesson}.md`));
  if (unknown !== undefined) {
    console.error(`There is no ${PAGES}/${unknown}.md. Usage: tries.ts [LESSON...]`);
    process.exit(2);
  }
  if (given.length > 0) return given;
  return readdirSync(PAGES)
    .sort()
    .map((file) => basename(file, '.md'));
}
