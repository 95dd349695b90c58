/** Breaks what a page's commands printed, in ways that the page must notice. Pure. */
import { isRight } from './judge.ts';
import { align } from './match.ts';
import { CTRL_C } from './parse.ts';
import type { Played } from './play.ts';

/** One break, planted in one step. */
export interface Break {
  /** The line of the page where the step begins. */
  line: number;
  /** What was done, in words. */
  what: string;
  /** The step as it would have been. */
  broken: Played;
}

/** A number that stands by itself, and is no part of a name, a version or an address. */
const NUMBER = /(?<![\w.:-])\d+(?:\.\d+)?(?![\w:-]|\.\d)/g;

/** What a program in trouble would have printed: one of its own lines, an error, a stack. */
const TROUBLE = [
  ' [!] The channel was closed (by the program). Opening a new one.',
  'TypeError: channel.ack is not a function',
  '    at work (/lab/consumer/02-work-queue.ts:38:11)',
];

/** All breaks of a page that went right, one by one. */
export function breaksOf(played: Played[]): Break[] {
  return played.flatMap((step) => [...breakLines(step), ...breakEnd(step)]);
}

/** Those that the page doesn't notice. */
export function missed(breaks: Break[]): Break[] {
  return breaks.filter(({ broken }) => isRight(broken));
}

function breakLines(played: Played): Break[] {
  const { step, printed } = played;
  const breaks: Break[] = [];
  const plant = (what: string, at: number, count: number, ...lines: string[]) => {
    const broken = { ...played, printed: printed.toSpliced(at, count, ...lines) };
    breaks.push({ line: step.line, what, broken });
  };
  for (const at of shownLines(played)) {
    const line = printed[at] ?? '';
    const next = printed[at + 1];
    for (const changed of breakNumbers(line))
      plant(`\`${line}\` became \`${changed}\``, at, 1, changed);
    plant(`lost: \`${line}\``, at, 1);
    plant(`doubled: \`${line}\``, at, 0, line);
    if (next !== undefined && next !== line && next !== CTRL_C) {
      plant(`swapped with the next: \`${line}\``, at, 2, next, line);
    }
  }
  for (const trouble of TROUBLE) plant(`added: \`${trouble}\``, printed.length, 0, trouble);
  return breaks;
}

/** Where the printed lines stand that the page shows, and that are no cut. */
function shownLines({ step, printed }: Played): number[] {
  const shown: number[] = [];
  let at = 0;
  for (const row of align(step.shown, printed)) {
    if (row.kind === 'same' && row.printed !== CTRL_C) shown.push(at);
    if (row.kind === 'cut') at += row.lines.length;
    else if (row.kind === 'same' || row.kind === 'extra') at++;
  }
  return shown;
}

/** The line with each of its numbers once as 0 and once ten times as large. */
function breakNumbers(line: string): string[] {
  return [...line.matchAll(NUMBER)].flatMap(({ 0: number, index }) => {
    const put = (text: string) => line.slice(0, index) + text + line.slice(index + number.length);
    return Number(number) === 0 ? [put('10')] : [put('0'), put(String(Number(number) * 10))];
  });
}

function breakEnd(played: Played): Break[] {
  const { step, printed, status } = played;
  const plant = (what: string, change: Partial<Played>): Break => {
    return { line: step.line, what, broken: { ...played, ...change } };
  };
  const pressed = printed.indexOf(CTRL_C);
  const breaks: Break[] = [];
  if (pressed !== -1) {
    breaks.push(plant('it ended before CTRL+C', { printed: printed.slice(0, pressed), status: 0 }));
  }
  if (step.leftRunning && step.last) breaks.push(plant('it ended by itself', { status: 0 }));
  if (status === 0 && !step.statusShown) breaks.push(plant('its status was 1', { status: 1 }));
  return breaks;
}
