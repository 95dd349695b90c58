/** The calls that the pages' tables "The same in pika" show, side by side. Pure. */

/** A piece of code in a table. */
export interface Call {
  /** The line of the page, counted from 1. */
  line: number;
  /** What is called, without the variable that takes what it gives. */
  code: string;
}

/** The calls of a page's tables, by the library that has them. */
export interface Calls {
  /** Of the lab's client. */
  lab: Call[];
  /** Of amqplib alone: in a column of its own, or behind these words in a cell of the lab's. */
  amqplib: Call[];
  pika: Call[];
}

/** The head of such a table, and whose calls its columns show. */
const HEADS: Record<string, readonly (keyof Calls)[]> = {
  "| here (the lab's client) | Python (pika) |": ['lab', 'pika'],
  '| here (amqplib) | Python (pika) |': ['amqplib', 'pika'],
  '| in Python (pika) | in Node (amqplib) | what to know |': ['pika', 'amqplib'],
};

/** What follows these words in a cell is not the lab's client. */
const ITSELF = /\bamqplib itself\b/;

/** A piece that is looked at: it calls something, or reads what a message has. */
const IS_CODE = /^(?!def ).*\w\(|^(?:message|letter|request|properties|method)\.|^pika\./;

/** What a piece gives goes into a variable, or is an option of another call. */
const TAKES = /^(?:(?:const )?[\w{}, ]+ = |\w+(?:: |=(?=[a-z])))/;

/** The calls of all such tables. What a cell says in words is none. */
export function callsOf(markdown: string): Calls {
  const calls: Calls = { lab: [], amqplib: [], pika: [] };
  let columns: readonly (keyof Calls)[] = [];
  for (const [i, row] of markdown.split('\n').entries()) {
    columns = HEADS[row] ?? (row.startsWith('|') ? columns : []);
    const cells = row.slice(2, -2).split(' | ');
    for (const [at, of] of columns.entries()) {
      const [own = '', ...itself] = of === 'lab' ? (cells[at] ?? '').split(ITSELF) : [cells[at]];
      calls[of].push(...piecesOf(own, i + 1));
      calls.amqplib.push(...piecesOf(itself.join(' '), i + 1));
    }
  }
  return calls;
}

function piecesOf(cell: string, line: number): Call[] {
  const pieces = [...cell.matchAll(/`([^`]+)`/g)].map(([, piece = '']) => piece);
  return pieces
    .filter((piece) => IS_CODE.test(piece))
    .map((piece) => ({ line, code: piece.replace(TAKES, '').replace(/^except /, '') }));
}
