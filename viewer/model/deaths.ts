/**
 * How many dead letters the broker has counted that nothing has shown yet. The count proves that
 * messages died, and why; it doesn't say where. Depths and events tell that, some looks earlier or later.
 */
import type { Totals } from './events.ts';

export type Reason = 'rejected' | 'delivery_limit' | 'expired' | 'maxlen';
/** Counted and not shown yet; below zero: shown and not counted yet. */
export type Deaths = { reason: Reason; n: number; looks: number };

/** A message dies while it is held by a consumer, or while it waits. */
export const REASONS: Record<'held' | 'waiting', Reason[]> = {
  held: ['rejected', 'delivery_limit'],
  waiting: ['expired', 'maxlen'],
};
const ALL = [...REASONS.held, ...REASONS.waiting];

/**
 * For so many looks the rest of the evidence is waited for: an event is held back for 750 ms at most.
 * What lacks it then died in another vhost, or went to no queue that is drawn.
 */
const LOOKS = 4;

export function countDeaths(dead: Deaths[], before: Totals | undefined, now: Totals): Deaths[] {
  if (!before) return dead;
  return ALL.reduce((so, reason) => add(so, reason, now[reason] - before[reason]), dead);
}

export function forgetOld(dead: Deaths[]): Deaths[] {
  return dead.flatMap((one) => (one.looks > 1 ? { ...one, looks: one.looks - 1 } : []));
}

/** Counted for one of these reasons, and not shown yet. */
export function unshown(dead: Deaths[], reasons = ALL): number {
  const counted = dead.filter(({ reason, n }) => n > 0 && reasons.includes(reason));
  return counted.reduce((sum, { n }) => sum + n, 0);
}

/** One is shown. Its count may come later. */
export function show(dead: Deaths[], reason: Reason): Deaths[] {
  const at = dead.findIndex((one) => one.reason === reason && one.n > 0);
  if (at < 0) return [...dead, { reason, n: -1, looks: LOOKS }];
  return dead.flatMap((one, i) => (i !== at ? one : one.n > 1 ? { ...one, n: one.n - 1 } : []));
}

function add(dead: Deaths[], reason: Reason, risen: number): Deaths[] {
  let left = Math.max(0, risen);
  const rest = dead.flatMap((one) => {
    if (one.reason !== reason || one.n > 0) return one;
    const met = Math.min(left, -one.n);
    left -= met;
    return one.n + met === 0 ? [] : { ...one, n: one.n + met };
  });
  return left > 0 ? [...rest, { reason, n: left, looks: LOOKS }] : rest;
}
