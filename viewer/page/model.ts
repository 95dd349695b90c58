/** What the page's parts share: the history, the playhead and what is chosen. */
import { signal } from '@preact/signals';
import type { Ev, Header, Msg } from '../model/events.ts';
import { History } from '../model/history.ts';
import { decodeState, initialState, type State } from '../model/state.ts';
import type { Layout } from './layout.ts';
import { Player } from './player.ts';

export type Chosen = { seq: number } | { node: string } | undefined;

/** Whether the server is at the other end, or a recording is shown. */
export const offline = signal(false);
export const connected = signal(false);
export const header = signal<Header | undefined>(undefined);
export const player = new Player(new History(), true);
/** The state that is shown, and where the playhead is: set for drawing, not for each event. */
export const shown = signal<State>(initialState());
export const status = signal({ phase: player.phase, newer: 0, speed: player.speed });
export const layout = signal<Layout | undefined>(undefined);
export const lit = signal<ReadonlySet<string>>(new Set());
export const chosen = signal<Chosen>(undefined);
export const dialog = signal<'' | 'publish' | 'help' | 'table'>('');
export const big = signal(false);
export const letterKeys = signal(true);
/** What the last action came to, in words. */
export const notice = signal('');

/** Events that a person steps through: not the numbers. */
export const isStep = (event: Ev) =>
  event.k === 'publish' || event.k === 'deliver' || event.k === 'graph' || event.k === 'gap';

export function begin(first: Header, limits?: ConstructorParameters<typeof History>[1]): void {
  header.value = first;
  player.history = new History(decodeState(first.state), limits);
}

/** The message of an event, if it is still kept. */
export function messageOf(seq: number): Msg | undefined {
  const event = player.history.events[player.history.indexAfter(seq - 1)];
  if (event?.seq === seq && 'msg' in event) return event.msg;
  return player.state.flights.find((flight) => flight.seq === seq)?.msg;
}

/** Everything that was seen of a message, in its order. */
export function lifeOf(id: string): Extract<Ev, { k: 'publish' | 'deliver' }>[] {
  return player.history.events.filter(
    (event): event is Extract<Ev, { k: 'publish' | 'deliver' }> =>
      'msg' in event && event.msg.id === id,
  );
}

export function clockTime(t: number, digits = 1): string {
  const date = new Date((header.value?.epoch ?? 0) + t);
  const part = (n: number) => String(n).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0').slice(0, digits);
  return `${part(date.getHours())}:${part(date.getMinutes())}:${part(date.getSeconds())}.${ms}`;
}
