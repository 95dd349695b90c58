/** Breaks what a page's commands printed, in ways that the page must notice. Pure. */
import { type Excuse, excuseLine, excuseNumber, type Place, placesOf } from './excuses.ts';
import { isRight } from './judge.ts';
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
  /** Why the page is still true. Without an excuse the break contradicts it. */
  excuse: Excuse | undefined;
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
  const plant = (what: string, at: number, count: number, lines: string[], excuse?: Excuse) => {
    const broken = { ...played, printed: printed.toSpliced(at, count, ...lines) };
    breaks.push({ line: step.line, what, broken, excuse });
  };
  for (const place of placesOf(played)) {
    const { at, line } = place;
    const next = printed[at + 1];
    for (const { index, changed } of breakNumbers(line)) {
      const excuse = place.shown.fits(changed) ? excuseNumber(place, index) : undefined;
      plant(`\`${line}\` became \`${changed}\``, at, 1, [changed], excuse);
    }
    for (const beyond of exceedBounds(place)) {
      plant(`\`${line}\` became \`${beyond}\`, which is out of its range`, at, 1, [beyond]);
    }
    plant(`lost: \`${line}\``, at, 1, [], excuseLine(place, 'lost'));
    plant(`doubled: \`${line}\``, at, 0, [line], excuseLine(place, 'doubled'));
    if (place.shown.most > 1) {
      const lines = Array<string>(place.shown.most).fill(line);
      plant(`${place.shown.most} times more: \`${line}\``, at, 0, lines, excuseLine(place, 'more'));
    }
    if (next !== undefined && next !== line && next !== CTRL_C) {
      const excuse = excuseLine(place, 'swapped');
      plant(`swapped with the next: \`${line}\``, at, 2, [next, line], excuse);
    }
  }
  for (const trouble of TROUBLE) plant(`added: \`${trouble}\``, printed.length, 0, [trouble]);
  return breaks;
}

/** The line with each of its numbers once as 0 and once ten times as large. */
function breakNumbers(line: string): { index: number; changed: string }[] {
  return [...line.matchAll(NUMBER)].flatMap(({ 0: number, index }) => {
    const others = Number(number) === 0 ? ['10'] : ['0', String(Number(number) * 10)];
    return others.map((other) => ({ index, changed: put(line, index, number.length, other) }));
  });
}

/** The line with each value that has bounds once below and once above them. */
function exceedBounds({ shown, line }: Place): string[] {
  return shown.pieces(line).flatMap(({ value: { range }, from, to }) => {
    if (!range) return [];
    const beyond = range.least > 0 ? [range.least - 1, range.most + 1] : [range.most + 1];
    return beyond.map((number) => put(line, from, to - from, String(number)));
  });
}

function put(line: string, index: number, length: number, text: string): string {
  return line.slice(0, index) + text + line.slice(index + length);
}

function breakEnd(played: Played): Break[] {
  const { step, printed, status } = played;
  const plant = (what: string, change: Partial<Played>): Break => {
    return { line: step.line, what, broken: { ...played, ...change }, excuse: undefined };
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
