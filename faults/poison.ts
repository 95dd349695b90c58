/** A message that no consumer can work on, told to the consumer through the volume of the journals. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { JOURNALS } from './journal.ts';

const MARK = `${JOURNALS}/poison`;

/** From now on there is one in each queue, or none any more. */
export function setPoison(isThere: boolean): void {
  if (isThere) writeFileSync(MARK, '');
  else rmSync(MARK);
}

/** The consumer's side: the first message that comes while there is poison is the one. */
export class Taster {
  #poisoned: string | undefined;

  isPoison(messageId: string): boolean {
    if (!existsSync(MARK)) return false;
    this.#poisoned ??= messageId;
    return messageId === this.#poisoned;
  }
}
