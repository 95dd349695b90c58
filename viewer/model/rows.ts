/** The list of events: one line for each that a person may want to look at. */
import { queueId } from './names.ts';
import { MOST_ROWS, type Row, type State } from './state.ts';

export function withRow(
  state: State,
  verb: Row['verb'],
  path: string,
  key: string,
  mark: string,
  msg?: string,
): State {
  const row: Row = { seq: state.seq, t: state.t, verb, path, key, mark, ...(msg ? { msg } : {}) };
  return { ...state, rows: [...state.rows.slice(1 - MOST_ROWS), row] };
}

/** A queue by the name that its box has: of those that the broker made up nobody can read the name. */
export function titleOf({ nodes }: State, queue: string): string {
  return nodes.find(({ id }) => id === queueId(queue))?.title ?? queue;
}
