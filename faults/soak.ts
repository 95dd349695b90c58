/**
 * A steady flow, a fault in each minute, and the memory of both programs: what a client keeps of each
 * message, or of each connection, is seen here.
 */
import { setTimeout as pause, setInterval as ticks } from 'node:timers/promises';
import { refuseUnmeantEnds } from './drain.ts';
import { doFault } from './faults.ts';
import { readWords } from './journal.ts';
import type { Lab } from './lab.ts';
import { FLOW_DEADLINE_MS, type LongRun, longRun } from './long-run.ts';
import { findRows, type Row } from './rows.ts';
import { makeSchedule } from './schedule.ts';
import { type Sample, slopeOf } from './statistics.ts';
import { say, seconds } from './words.ts';

const MINUTE_MS = 60_000;
/** How often the memory is looked at, in milliseconds. */
const LOOK_MS = 2000;
/** At first a program grows: its code is compiled, and the heap takes its size. In minutes. */
const WARM_UP = 2;
/** What passes for flat, in MB a minute: some seventy bytes of each message. */
const BOUND = 2;
const PROGRAMS = ['producer', 'consumer'] as const;
type Program = (typeof PROGRAMS)[number];

export interface SoakRun extends LongRun {
  minutes: number;
  /** After the warm-up: in MB, and the slope in MB a minute. */
  memory: Record<Program, { least: number; most: number; slope: number }>;
}

const words = readWords({ row: 'classic', minutes: '10', seed: '1' });
const minutes = Number(words.minutes);
if (!(minutes > WARM_UP)) {
  console.error(` [!] A soak lasts more than ${WARM_UP} minutes, not "${words.minutes}".`);
  process.exit(2);
}
// Not those that end a program: with it they would end its memory.
const schedule = makeSchedule(Number(words.seed), minutes, [
  'broker killed',
  'broker stopped',
  'broker paused',
  'broker cut off',
  'connections closed',
]);
const [row] = findRows(words.row) as [Row];
const looks: Record<Program, Sample[]> = { producer: [], consumer: [] };

await longRun('soak', row, Number(words.seed), async (lab, flow) => {
  const began = performance.now();
  const untilMinute = (minute: number) => pause(began + minute * MINUTE_MS - performance.now());
  const end = new AbortController();
  const looking = lookAtMemory(lab, began, end.signal);
  for (const [minute, { kind, lastsMs }] of schedule.entries()) {
    await untilMinute(minute + 0.5);
    await doFault(lab, { kind, lastsMs });
    const [recovery] = await flow.again(FLOW_DEADLINE_MS);
    refuseUnmeantEnds(lab);
    const inUse = PROGRAMS.map((name) => `${name} ${megabytes(looks[name].at(-1)?.value)}`);
    say(
      `minute ${minute + 1}: ${kind} ${seconds(lastsMs)}, a new message came through after ` +
        `${seconds(recovery?.newMs ?? 0)}; ${inUse.join(', ')}`,
    );
  }
  await untilMinute(minutes);
  end.abort();
  await looking;
  const memory = Object.fromEntries(PROGRAMS.map((name) => [name, sayMemory(name)]));
  const isWell = Object.values(memory).every(({ slope }) => slope <= BOUND);
  if (!isWell) say(`Memory grows: more than ${BOUND} MB a minute.`);
  return { seen: { minutes, memory }, isWell };
});

async function lookAtMemory(lab: Lab, began: number, end: AbortSignal): Promise<void> {
  for await (const _ of ticks(LOOK_MS)) {
    if (end.aborted) return;
    for (const name of PROGRAMS) {
      const value = await lab.memoryOf(name);
      looks[name].push({ at: (performance.now() - began) / MINUTE_MS, value });
    }
  }
}

function sayMemory(name: Program) {
  const samples = looks[name].filter(({ at }) => at >= WARM_UP);
  const values = samples.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const slope = slopeOf(samples);
  say(
    `memory of the ${name} after ${WARM_UP} minutes: ${megabytes(least)} to ${megabytes(most)}, ` +
      `${slope.toFixed(2)} MB more each minute`,
  );
  return { least, most, slope };
}

function megabytes(value = Number.NaN): string {
  return `${value.toFixed(0)} MB`;
}
