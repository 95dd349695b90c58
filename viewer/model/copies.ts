/** The copies of messages that are in queues, as far as they were seen. */
import { type Copy, MOST_COPIES, type State } from './state.ts';

const keyOf = (msg: string, queue: string) => JSON.stringify([msg, queue]);

export function copiesOf(state: State, msg: string, queue: string): Copy[] {
  return state.copies.get(keyOf(msg, queue)) ?? [];
}

/** All copies in a queue, the oldest first. */
export function copiesIn(state: State, queue: string): Copy[] {
  return [...state.copies.values()].flat().filter((copy) => copy.queue === queue);
}

/** Puts copies in, changes them and takes them out: `undefined` takes out. */
export function withCopies(state: State, changes: [Copy | undefined, Copy | undefined][]): State {
  if (changes.length === 0) return state;
  const copies = new Map(state.copies);
  for (const [before, after] of changes) {
    const { msg, queue } = (before ?? after) as Copy;
    const key = keyOf(msg.id, queue);
    const list = copies.get(key) ?? [];
    const next = before
      ? list.flatMap((copy) => (copy === before ? (after ?? []) : copy))
      : [...list, after as Copy];
    if (next.length > 0) copies.set(key, next);
    else copies.delete(key);
  }
  // Of more than that many, the oldest are forgotten: a delivery then shows the way from the queue.
  for (const key of copies.keys()) {
    if (copies.size <= MOST_COPIES) break;
    copies.delete(key);
  }
  return { ...state, copies };
}
