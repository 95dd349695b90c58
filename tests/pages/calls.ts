/** The calls that the pages' tables "The same in pika" show, side by side. Pure. */

/** A piece of code in a table. */
export interface Call {
  /** The line of the page, counted from 1. */
  line: number;
  /** What is called, without the variable that takes what it gives. */
  code: string;
}

/** The head of such a table. */
const HEAD = /^\| here \(amqplib\) \| Python \(pika\) \|$/;

/** A piece that is looked at: it calls something, or reads what a message has. */
const IS_CODE = /\w\(|^(?:message|letter|request|properties|method)\.|^pika\./;

/** What a piece gives goes into a variable, or is an option of another call. */
const TAKES = /^(?:(?:const )?[\w{}, ]+ = |\w+(?:: |=(?=[a-z])))/;

/** The calls of the first column and of the second. What a cell says in words is none. */
export function callsOf(markdown: string): { ours: Call[]; pika: Call[] } {
  const ours: Call[] = [];
  const pika: Call[] = [];
  let inTable = false;
  for (const [i, row] of markdown.split('\n').entries()) {
    inTable = HEAD.test(row) || (inTable && row.startsWith('|'));
    if (!inTable) continue;
    const [left = '', right = ''] = row.slice(2, -2).split(' | ');
    ours.push(...piecesOf(left, i + 1));
    pika.push(...piecesOf(right, i + 1));
  }
  return { ours, pika };
}

function piecesOf(cell: string, line: number): Call[] {
  const pieces = [...cell.matchAll(/`([^`]+)`/g)].map(([, piece = '']) => piece);
  return pieces
    .filter((piece) => IS_CODE.test(piece))
    .map((piece) => ({ line, code: piece.replace(TAKES, '').replace(/^except /, '') }));
}
