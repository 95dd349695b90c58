/** The list of events: one line for each that a person may want to look at. */
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
