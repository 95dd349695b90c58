/** What else is right in place of a value that a page shows, as the comment before its block says. Pure. */

/** A piece of a block's output that varies from run to run. */
export interface Value {
  /** The piece as the page shows it, and what must stand around it. */
  text: string;
  before: string;
  after: string;
  /** Finds the piece in that place of a line. */
  pattern: string;
  /** Finds what is there if it is not right. */
  loose: string;
  /** Whether a piece that `pattern` found is right. */
  isRight(piece: string): boolean;
  /** The bounds of a number. */
  range: Bounds | undefined;
  /** How often the line that holds the piece may stand there. */
  lines: Bounds | undefined;
  /** The line of the page that says so. */
  line: number;
}

/** Both are right themselves. */
interface Bounds {
  least: number;
  most: number;
}

/** What a piece may be, by the words of the comment. */
const KINDS = {
  'a time':
    /(?:\d{4}-\d\d-\d\d[ T])?[0-2]\d:[0-5]\d:[0-5]\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)?|[A-Z][a-z]{2} (?: [1-9]|[12]\d|3[01]) [0-2]\d:[0-5]\d(?::[0-5]\d \d{4})?/,
  'a container id': /[0-9a-f]{64}|[0-9a-f]{12}/,
  'an address': /\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?/,
  'a word': /[\w.@-]+/,
  'any text': /.*/,
};

const NUMBER = '-?\\d+(?:\\.\\d+)?';
const RANGE = new RegExp(`^(${NUMBER}) to (${NUMBER})( lines)?$`);

/** Of a list: `a, b, c`. */
const IN_ANY_ORDER = 'in any order';

/** All that may stand after `SHOWN: `, for the author who wrote something else. */
const ACCEPTED = [
  ...['`A to B`', '`A to B lines`', '`one of A | B`'],
  ...quoted([IN_ANY_ORDER, ...Object.keys(KINDS)]),
];

/** A line of a comment that can't be used. */
export class ValueError extends Error {}

/**
 * Reads `SHOWN: KIND`. In SHOWN braces may set the varying piece apart from what stands around it,
 * where the piece alone would be found in too many places: `ready {12}`.
 *
 * @param line where it stands in the page
 * @throws {@link ValueError} if it is not of this form, or SHOWN is not right itself
 */
export function parseValue(row: string, line: number): Value {
  // Of several `: ` the last, but what may stand after `one of` may be whole sentences.
  const [, shown, kind = ''] =
    /^(.+?): (one of .+)$/.exec(row.trim()) ?? /^(.+): (.+)$/.exec(row.trim()) ?? [];
  if (shown === undefined) {
    throw new ValueError(`\`SHOWN: KIND\` is expected, such as \`37: 1 to 60\`, got \`${row}\``);
  }
  const [, before = '', text = shown, after = ''] =
    /^(?!\{.*\}$)(.*)\{(.+)\}(.*)$/.exec(shown) ?? [];
  const unbound = { range: undefined, lines: undefined };
  const value = { text, before, after, line, ...unbound, ...parseKind(kind, text) };
  if (!new RegExp(`^(?:${value.pattern})$`).test(text) || !value.isRight(text)) {
    throw new ValueError(`\`${text}\` is shown, and is not itself \`${kind}\``);
  }
  return value;
}

type Kind = Pick<Value, 'pattern' | 'loose' | 'isRight'> & Partial<Pick<Value, 'range' | 'lines'>>;

function parseKind(kind: string, text: string): Kind {
  const anyText = { loose: '.*', isRight: () => true };
  const range = RANGE.exec(kind);
  if (range) {
    const bounds = { least: Number(range[1]), most: Number(range[2]) };
    if (range[3]) return { ...anyText, pattern: literally(text), lines: bounds };
    const isRight = (piece: string) =>
      Number(piece) >= bounds.least && Number(piece) <= bounds.most;
    const pattern = kind.includes('.') ? NUMBER : '-?\\d+';
    return { pattern, loose: NUMBER, isRight, range: bounds };
  }
  if (kind.startsWith('one of ')) {
    const words = kind.slice('one of '.length).split(' | ');
    return { ...anyText, pattern: words.map(literally).join('|') };
  }
  if (Object.hasOwn(KINDS, kind)) {
    return { ...anyText, pattern: KINDS[kind as keyof typeof KINDS].source };
  }
  if (kind === IN_ANY_ORDER) {
    const items = text.split(', ');
    const item = `(?:${items.map(literally).join('|')})`;
    const isRight = (piece: string) => `${piece.split(', ').sort()}` === `${items.toSorted()}`;
    return { pattern: `${item}(?:, ${item})*`, loose: '.*', isRight };
  }
  throw new ValueError(`\`${kind}\` is not one of ${ACCEPTED.join(', ')}`);
}

function quoted(words: string[]): string[] {
  return words.map((word) => `\`${word}\``);
}

/** A text as a regular expression for itself. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
