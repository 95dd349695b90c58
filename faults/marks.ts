/** What the experiment tells the consumer while it works, through the volume of the journals. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { JOURNALS } from './journal.ts';

/** There is a message that no consumer can work on, in each queue. */
export const POISON = 'poison';
/** The work takes no time any more: what has gathered shall not be waited for. */
export const HURRY = 'hurry';
/** The consumer of a row has had that message. */
export const tastedBy = (row: string) => `tasted-by-${row}` as const;
type Mark = typeof POISON | typeof HURRY | ReturnType<typeof tastedBy>;

/** From now on it is so. */
export function setMark(mark: Mark): void {
  writeFileSync(pathOf(mark), '');
}

/** From now on it isn't so any more. */
export function clearMark(mark: Mark): void {
  rmSync(pathOf(mark));
}

/** Whether it is so. */
export function isMarked(mark: Mark): boolean {
  return existsSync(pathOf(mark));
}

/** The first message that comes while there is poison is the one. */
export class Taster {
  readonly #row: string;
  #poisoned: string | undefined;

  constructor(row: string) {
    this.#row = row;
  }

  isPoison(messageId: string): boolean {
    if (!isMarked(POISON)) return false;
    if (this.#poisoned === undefined) setMark(tastedBy(this.#row));
    this.#poisoned ??= messageId;
    return messageId === this.#poisoned;
  }
}

function pathOf(mark: Mark): string {
  return `${JOURNALS}/${mark}`;
}
