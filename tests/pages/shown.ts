/** A line that a page shows, as a pattern of what may be printed in its place. Pure. */
import { isTrouble } from './trouble.ts';
import { literally, type Value } from './values.ts';

/** The mark for a cut. */
export const MARK = '…';

/** A line of a page's output. */
export interface Shown {
  /** As it stands in the page. */
  text: string;
  /** A `…` alone on a line, or {@link UNSEEN}: any lines but those of trouble. */
  isCut: boolean;
  /** How often the line may stand there. */
  least: number;
  most: number;
  /** Whether a printed line is as shown. */
  fits(printed: string): boolean;
  /** The pieces of a printed line about which the page says what else is right. */
  pieces(printed: string): Piece[];
  /** Whether it is as shown but for its values: one of them is not right. */
  fitsBadly(printed: string): boolean;
}

/** A piece of a line that varies, and where it stands there. */
export interface Piece {
  value: Value;
  from: number;
  to: number;
}

/** A cut that doesn't stand in the page. */
export const UNSEEN: Shown = { ...compile(MARK, []), text: '' };

/** The lines of an output, with what is said about their values. */
export function toShown(lines: string[], values: Value[] = []): Shown[] {
  return lines.map((text) => compile(text, values));
}

/** Whether `value` says something about one of `lines`. */
export function isFound(value: Value, lines: string[]): boolean {
  return lines.some((text) => placesOf(value, text).length > 0);
}

function compile(text: string, values: Value[]): Shown {
  const varying = findVarying(
    text.trimEnd(),
    values.filter((value) => !value.lines),
  );
  const right = toPattern(text.trimEnd(), varying, (value) => value.pattern);
  const loose = toPattern(text.trimEnd(), varying, (value) => value.loose);
  const said = varying.map(({ value }) => value);
  const counted = values.find((value) => value.lines && isFound(value, [text]));
  const lines = counted?.lines ?? { least: 1, most: 1 };
  const fits = (printed: string) => {
    const found = right.exec(printed)?.slice(1);
    if (!found?.every((piece, i) => said[i]?.isRight(piece))) return false;
    return varying.length === 0 || !isTrouble(printed) || isTrouble(text);
  };
  const pieces = (printed: string) => {
    const places = new RegExp(right, 'd').exec(printed)?.indices?.slice(1) ?? [];
    return said.flatMap((value, i) => {
      const [from, to] = places[i] ?? [];
      return from === undefined || to === undefined ? [] : [{ value, from, to }];
    });
  };
  return {
    ...{ text, isCut: text.trim() === MARK, ...lines, fits, pieces },
    fitsBadly: (printed) => said.length > 0 && loose.test(printed) && !fits(printed),
  };
}

function findVarying(text: string, values: Value[]): Piece[] {
  const found: Piece[] = [];
  // The longest first: the 12 of `12 ms` is not to be taken for another 12.
  const byLength = values.toSorted((a, b) => length(b) - length(a));
  for (const value of byLength) {
    for (const place of placesOf(value, text)) {
      const isFree = found.every(({ from, to }) => place.to <= from || place.from >= to);
      if (isFree) found.push(place);
    }
  }
  return found.toSorted((a, b) => a.from - b.from);
}

function length({ before, text, after }: Value): number {
  return before.length + text.length + after.length;
}

/** Where a value stands in a line, as a whole word or number. */
function placesOf(value: Value, text: string): Piece[] {
  const whole = `${value.before}${value.text}${value.after}`;
  const before = /^\w/.test(whole) ? '(?<![\\w]|\\d\\.)' : '';
  const after = /\w$/.test(whole) ? '(?![\\w]|\\.\\d)' : '';
  const places = text.matchAll(new RegExp(`${before}${literally(whole)}${after}`, 'g'));
  return [...places].map(({ index }) => {
    const from = index + value.before.length;
    return { from, to: from + value.text.length, value };
  });
}

/** In a column the spaces around a varying piece fill up what is left of it. */
function toPattern(text: string, varying: Piece[], source: (value: Value) => string): RegExp {
  let pattern = '';
  let at = 0;
  const literal = (to: number) => {
    const part = literally(text.slice(at, to));
    return at > 0 ? part.replace(/^ +/, ' +') : part;
  };
  for (const { from, to, value } of varying) {
    pattern += `${literal(from).replace(/ {2,}$/, ' +')}(${source(value)})`;
    at = to;
  }
  return new RegExp(`^${pattern}${literal(text.length)}$`);
}
