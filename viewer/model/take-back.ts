/** A connection is gone. What it held and didn't settle is back in its queue. */
import { withCopies } from './copies.ts';
import { NOTHING } from './count.ts';
import type { Ev } from './events.ts';
import { queueId } from './names.ts';
import { TO_CONSUMER_MS } from './publish.ts';
import { titleOf, withRow } from './rows.ts';
import { isStack } from './stacks.ts';
import type { Copy, Flight, State } from './state.ts';

export function takeBack(state: State, event: Ev): State {
  const open = new Set(state.graph.connections.map(({ name }) => name));
  const there = new Set(state.graph.queues.map(({ name }) => name));
  const all = [...state.copies.values()].flat();
  const gone = all.filter(({ queue }) => !there.has(queue));
  const lost = all.filter(
    ({ queue, holder }) => there.has(queue) && holder && !open.has(holder.connection),
  );
  const back = [...Map.groupBy(lost, ({ queue }) => queue)].flatMap(([queue, copies]) =>
    // What was acknowledged in its last moments was held no more: the newest, as many as counted.
    copies.slice(Math.max(0, copies.length - mostHeld(state, queue))),
  );
  const next = withCopies(state, [
    ...gone.map((copy): [Copy, undefined] => [copy, undefined]),
    ...lost.map((copy): [Copy, Copy | undefined] => [
      copy,
      back.includes(copy) ? withoutHolder(copy) : undefined,
    ]),
  ]);
  const flights = back.flatMap((copy, place) => fly(next, event, copy, place));
  return back.reduce(
    (listed, { msg, queue }) =>
      withRow(
        listed,
        'back',
        `${titleOf(next, queue)} has it again`,
        '',
        'its consumer is gone',
        msg.id,
      ),
    { ...next, flights: [...next.flights, ...flights] },
  );
}

/** It waits for its next delivery, which the broker will mark as redelivered. */
export function withoutHolder({ holder: _, ...copy }: Copy): Copy {
  return copy;
}

/** The broker's latest count, and what was delivered since then. */
function mostHeld({ baseline, gaps }: State, queue: string): number {
  const depth = baseline[queue];
  if (!depth?.live) return Number.POSITIVE_INFINITY;
  const { held, fell } = gaps.get(queue) ?? NOTHING;
  return depth.unacked + held + Math.max(0, fell);
}

export function fly(
  state: State,
  event: Ev,
  { msg, queue, holder }: Copy,
  place: number,
): Flight[] {
  const edges = [...state.edges, ...state.ghosts.flatMap((ghost) => ghost.edges)];
  const here = edges.filter(({ from }) => from === queueId(queue));
  const edge =
    here.find(({ to }) => to.includes(` ${holder?.connection} `)) ??
    here.find(({ to }) => isStack(to));
  if (!edge) return [];
  const start = event.t + 60 * place;
  return [
    {
      id: `${event.seq} back ${place}`,
      seq: event.seq,
      msg,
      kind: 'back',
      proof: 'counted',
      start,
      end: start + TO_CONSUMER_MS,
      legs: [{ edge: edge.id, ms: TO_CONSUMER_MS, reverse: true }],
      label: 'back',
      lit: [],
    },
  ];
}
