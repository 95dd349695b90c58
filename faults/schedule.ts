/** Which fault comes when. Pure: the same seed makes the same schedule. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** What can be done to a running lab, and how long it may last, in milliseconds. */
const KINDS = {
  'broker killed': [0, 3000],
  'broker stopped': [0, 3000],
  // Beyond three heartbeats of 5 s: both sides have given the connection up when it goes on.
  'broker paused': [16_000, 20_000],
  'broker cut off': [500, 20_000],
  'connections closed': [0, 0],
  'producer killed': [0, 2000],
  'producer stopped': [0, 2000],
  'producer paused': [500, 20_000],
  'producer cut off': [500, 20_000],
  'consumer killed': [0, 2000],
  'consumer stopped': [0, 2000],
  'consumer paused': [500, 20_000],
  'consumer cut off': [500, 20_000],
} as const satisfies Record<string, readonly [least: number, most: number]>;

export type Kind = keyof typeof KINDS;

/** All kinds of faults. */
export const ALL_KINDS = Object.keys(KINDS) as Kind[];

export interface PlannedFault {
  kind: Kind;
  /** How long messages flow in peace before it, in milliseconds. */
  calmMs: number;
  /** How long it lasts, in milliseconds. */
  lastsMs: number;
}

/** The kinds come in an order of chance, all of them before one comes again. */
export function makeSchedule(
  seed: number,
  count: number,
  kinds: readonly Kind[] = ALL_KINDS,
): PlannedFault[] {
  const random = xoroshiro128plus(seed);
  const between = (least: number, most: number) => uniformInt(random, least, most);
  let left: Kind[] = [];
  return Array.from({ length: count }, () => {
    if (left.length === 0) left = [...kinds];
    const [kind] = left.splice(between(0, left.length - 1), 1) as [Kind];
    const [least, most] = KINDS[kind];
    return { kind, calmMs: between(100, 1500), lastsMs: between(least, most) };
  });
}
