/**
 * Breaks the lab, one way at a time, in a copy of this folder, and plays the page that must notice it.
 *
 *     node --import tsx tests/pages/break-lab.ts [--minutes N] [--seed WORD] [LESSON...]
 *
 * Without LESSON: all that `lab-breaks.ts` names. The seed is the order; it is printed.
 */
import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRight, troubleOf } from './judge.ts';
import { LAB_BREAKS, planTrials, type Trial } from './lab-breaks.ts';
import { parsePage } from './parse.ts';
import { play } from './play.ts';
import { firstDifference } from './report.ts';
import { copyLab, removeCopy, reset, stageAt } from './stage.ts';

const { minutes, seed, lessons } = readArguments();
const trials = planTrials(lessons, seed);
const copy = copyLab();
// Its images hold broken programs, so they must not have the names of those that pages use.
const stage = { ...stageAt(copy, 'rabbitmq-lab-broken'), bail: true };
const count = { caught: 0, missed: 0 };

const timer = setTimeout(() => finish('the time is over'), minutes * 60_000);
process.once('SIGINT', () => finish('CTRL+C', 130)).once('SIGTERM', () => finish('SIGTERM', 143));
process.once('exit', restore);
console.log(`${trials.length} breaks, in the order of the seed ${seed}`);
for (const trial of trials) console.log(await run(trial));
clearTimeout(timer);
tell();

/** Plays the page of a lesson in the broken lab, up to the first difference. */
async function run({ labBreak, lesson }: Trial): Promise<string> {
  const { file, from, to, what } = labBreak;
  const right = readFileSync(join(copy, file), 'utf8');
  const steps = parsePage(readFileSync(join(copy, `lessons/${lesson}.md`), 'utf8'));
  reset(stage);
  writeFileSync(
    join(copy, file),
    right.replace(from, () => to),
  );
  const played = await play(steps, stage);
  writeFileSync(join(copy, file), right);

  const wrong = played.find((step) => !isRight(step));
  // The lab itself did not start, for another reason than the break: nothing was proved.
  if (wrong?.step.quiet && troubleOf(wrong)) {
    count.missed++;
    const { step, printed } = wrong;
    return [`not played  ${lesson}  \`${step.command}\` failed`, ...printed.slice(-9)].join('\n');
  }
  if (wrong) count.caught++;
  else count.missed++;
  const verdict = wrong ? `caught  ${lesson}  ${what}` : `MISSED  ${lesson}  ${what}`;
  return wrong ? `${verdict}  (${firstDifference(played)})` : verdict;
}

/** Ends the program, however far it is. */
function finish(why: string, status?: number): void {
  const left = trials.slice(count.caught + count.missed);
  for (const { lesson, labBreak } of left) {
    console.log(`not played  ${lesson}  ${labBreak.what}: ${why}`);
  }
  tell();
  // Once more as the last one: before it, each terminal ends what it runs.
  process.off('exit', restore).once('exit', restore);
  process.exit(status ?? process.exitCode);
}

function tell(): void {
  console.log(`${count.caught} passed, ${count.missed} failed`);
  process.exitCode = count.caught > 0 && count.missed === 0 ? 0 : 1;
}

/** Leaves nothing of the broken lab behind. */
function restore(): void {
  removeCopy(stage);
}

function readArguments() {
  try {
    const options = {
      minutes: { type: 'string', default: '600' },
      seed: { type: 'string', default: String(randomInt(1_000_000)) },
    } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const minutes = Number(values.minutes);
    if (!(minutes > 0 && minutes <= 600)) {
      throw new Error(`\`--minutes\` must be a number up to 600, got "${values.minutes}".`);
    }
    const known = LAB_BREAKS.flatMap(({ lessons }) => lessons);
    for (const lesson of positionals) {
      if (known.includes(lesson)) continue;
      throw new Error(`No break for "${lesson}". LESSON is one of: ${[...new Set(known)].sort()}.`);
    }
    return { minutes, seed: values.seed, lessons: positionals };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error('Usage: break-lab.ts [--minutes N] [--seed WORD] [LESSON...]');
    process.exit(2);
  }
}
