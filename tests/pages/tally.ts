/** How many of the breaks of a page it has noticed, and why not the others. Pure. */
import type { Excuse } from './excuses.ts';
import { type Break, missed } from './sabotage.ts';

/** How much of what is broken a page must notice. What contradicts it, it must notice in any case. */
const CAUGHT = 0.95;

/** The count of one page, or of several. */
export class Tally {
  #planted: number;
  #missed: Break[];

  constructor(breaks: Break[] = []) {
    this.#planted = breaks.length;
    this.#missed = missed(breaks);
  }

  /** Counts also what `other` has counted. */
  add(other: Tally): void {
    this.#planted += other.#planted;
    this.#missed.push(...other.#missed);
  }

  /** Why the page is no good: it lets pass what contradicts it, or too much of the rest. */
  wrong(page: string): string[] {
    const contradicting = this.#missed.filter(({ excuse }) => !excuse);
    const rows = contradicting.map(({ line, what }) => `${page}:${line}  not noticed: ${what}`);
    if (this.#missed.length <= (1 - CAUGHT) * this.#planted) return rows;
    return [...rows, `${page}:1  less than ${CAUGHT * 100} % caught: say more of what is printed`];
  }

  /** What the page lets pass, and its excuse for that. */
  excused(page: string): string[] {
    return this.#missed.flatMap(({ line, what, excuse }) => {
      return excuse ? [`${page}:${line}  ${excuse}: ${what}`] : [];
    });
  }

  toString(): string {
    const excuses = new Map<Excuse | 'not noticed', number>();
    for (const { excuse = 'not noticed' } of this.#missed) {
      excuses.set(excuse, (excuses.get(excuse) ?? 0) + 1);
    }
    const counts = [...excuses].sort().map(([excuse, count]) => `, ${count} ${excuse}`);
    return `${this.#planted - this.#missed.length}/${this.#planted} caught${counts.join('')}`;
  }
}
