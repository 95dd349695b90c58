/** The file in which a program enters what it does, at once: it may be killed at any moment. */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Connection } from '../broker/client/connection.ts';
import type { Entry } from './ledger.ts';

/** The volume that the programs and the experiment share. */
export const JOURNALS = '/journals';

/** The words given to a program, each with its default. */
export function readWords<Name extends string>(defaults: Record<Name, string>) {
  const options = Object.fromEntries(
    Object.entries<string>(defaults).map(([name, value]) => [
      name,
      { type: 'string' as const, default: value },
    ]),
  );
  return parseArgs({ options }).values as Record<Name, string>;
}

export class Journal {
  readonly #file: number;
  /** What earlier processes have entered. */
  readonly earlier: Entry[];

  /** Goes on where an earlier process ended. */
  constructor(row: string, side: Side) {
    const path = pathOf(row, side);
    this.#file = openSync(path, 'a');
    this.earlier = readEntries(path);
    this.enter('started');
  }

  /** The highest number that they have entered. */
  get highest(): number {
    return this.earlier.reduce((most, { id = 0 }) => Math.max(most, id), 0);
  }

  /** What is written here stays though the process is killed: the file is the system's to keep. */
  enter(word: Entry['word'], id?: number): void {
    writeSync(this.#file, id === undefined ? `${word}\n` : `${word} ${id}\n`);
  }

  /** Enters each loss of the connection, or of one of its channels. */
  watch(connection: Connection): void {
    const lost = () => this.enter('lost');
    connection.on('lost', lost);
    connection.on('channel', (channel) => channel.on('lost', lost));
  }
}

/** Where the journal of a row's producer or consumer is. */
export function pathOf(row: string, side: Side): string {
  return `${JOURNALS}/${row}.${side}`;
}
export type Side = 'producer' | 'consumer';

/** All that a journal says so far. */
export function readEntries(path: string): Entry[] {
  return readFileSync(path, 'utf8').split('\n').filter(Boolean).map(parseEntry);
}

/** One line of a journal. */
export function parseEntry(line: string): Entry {
  const [, word, id] = /^([a-z]+)(?: (\d+))?$/.exec(line) ?? [];
  if (!word) throw new Error(`"${line}" is no line of a journal.`);
  return { word: word as Entry['word'], id: id === undefined ? undefined : Number(id) };
}
