/** Follows the journals while they are written: are messages confirmed, and received? */
import { closeSync, existsSync, openSync, readSync, watch } from 'node:fs';
import { JOURNALS, parseEntry, pathOf } from './journal.ts';
import type { Entry } from './ledger.ts';
import type { Row } from './rows.ts';

/** When something was seen first, in milliseconds from the moment that was asked about. */
export interface Recovery {
  /** A confirm. */
  confirmedMs: number;
  /** A message received. */
  receivedMs: number;
  /** The confirm and the receipt of a message that was attempted after that moment. */
  newMs: number;
}

export class Flow {
  readonly #rows: RowFlow[];
  #news: (() => void)[] = [];
  #isDue = false;

  constructor(rows: Row[]) {
    this.#rows = rows.map(({ name }) => new RowFlow(name));
    const watcher = watch(JOURNALS, () => {
      // Some thousand lines a second: they are read in lots.
      if (this.#isDue) return;
      this.#isDue = true;
      setTimeout(() => this.#read(), 10);
    });
    watcher.unref();
  }

  /**
   * Resolves when in each row a message has been confirmed and received that was attempted from now
   * on: what was under way already may still come through, and proves nothing.
   *
   * @returns in the order of the rows
   */
  async again(deadlineMs: number): Promise<Recovery[]> {
    this.#read();
    for (const row of this.#rows) row.mark();
    const isThere = ({ recovery }: RowFlow) => recovery.newMs !== undefined;
    await this.until(
      () => this.#rows.every(isThere),
      deadlineMs,
      () => `no messages flow: ${this.#rows.filter((row) => !isThere(row)).join('; ')}`,
    );
    return this.#rows.map(({ recovery }) => recovery as Recovery);
  }

  /** The highest number that was entered with such a word. */
  highest(row: Row, word: Entry['word']): number {
    return this.#rows.find(({ name }) => name === row.name)?.highest[word] ?? 0;
  }

  /** Resolves when something is so; asks whenever a journal has grown. */
  async until(isSo: () => boolean, deadlineMs: number, elseSay: () => string): Promise<void> {
    const deadline = AbortSignal.timeout(deadlineMs);
    while (!isSo()) {
      await new Promise<void>((resolve, reject) => {
        this.#news.push(resolve);
        deadline.addEventListener('abort', () => reject(new Error(elseSay())), { once: true });
      });
    }
  }

  #read(): void {
    this.#isDue = false;
    for (const row of this.#rows) row.read();
    for (const tell of this.#news.splice(0)) tell();
  }
}

class RowFlow {
  readonly name: string;
  readonly highest: Partial<Record<Entry['word'], number>> = {};
  recovery: Partial<Recovery> = {};
  readonly #journals: [Tail, Tail];
  #since = 0;
  #mark = 0;
  #fresh = new Set<number>();

  constructor(name: string) {
    this.name = name;
    this.#journals = [new Tail(pathOf(name, 'producer')), new Tail(pathOf(name, 'consumer'))];
  }

  /** From now on it is asked whether messages flow. */
  mark(): void {
    this.#since = performance.now();
    this.#mark = this.highest.attempted ?? 0;
    this.#fresh = new Set();
    this.recovery = {};
  }

  read(): void {
    for (const journal of this.#journals) for (const entry of journal.read()) this.#take(entry);
  }

  toString(): string {
    const { attempted = 0, acknowledged = 0 } = this.highest;
    const received = Math.max(this.highest.received ?? 0, this.highest.redelivered ?? 0);
    return (
      `${this.name} (from number ${this.#mark}: attempted ${attempted}, ` +
      `acknowledged ${acknowledged}, received ${received})`
    );
  }

  #take({ word, id }: Entry): void {
    if (id === undefined) return;
    this.highest[word] = Math.max(this.highest[word] ?? 0, id);
    const isConfirmed = word === 'acknowledged';
    const isReceived = word === 'received' || word === 'redelivered';
    if (!isConfirmed && !isReceived) return;
    const now = performance.now() - this.#since;
    this.recovery[isConfirmed ? 'confirmedMs' : 'receivedMs'] ??= now;
    if (id <= this.#mark) return;
    // A number for the confirm, its negative for the receipt.
    this.#fresh.add(isConfirmed ? id : -id);
    if (this.#fresh.has(id) && this.#fresh.has(-id)) this.recovery.newMs ??= now;
  }
}

/** How much is read at once. */
const BLOCK = 65_536;

/** A file that grows. */
class Tail {
  readonly #path: string;
  #place = 0;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** What has come since the last time. */
  read(): Entry[] {
    if (!existsSync(this.#path)) return [];
    const file = openSync(this.#path, 'r');
    const block = Buffer.alloc(BLOCK);
    const entries: Entry[] = [];
    for (;;) {
      const length = readSync(file, block, 0, BLOCK, this.#place);
      if (length === 0) break;
      this.#place += length;
      const lines = (this.#rest + block.toString('latin1', 0, length)).split('\n');
      this.#rest = lines.pop() ?? '';
      entries.push(...lines.map(parseEntry));
    }
    closeSync(file);
    return entries;
  }
}
