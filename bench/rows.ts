/** What is measured for the tables. */
import { CLIENTS, type ClientName, type Measurement } from './measurement.ts';

/** One line of a table: the same measurement for several clients. */
export interface Row {
  name: string;
  clients: readonly ClientName[];
  measurement: Measurement;
}

export interface Plan {
  rounds: number;
  rows: Row[];
}

/** What a measurement is where nothing else is said. */
export const BASE: Measurement = {
  workload: 'publish',
  warmUp: 3000,
  count: 10_000,
  size: 12,
  persistent: false,
  window: 1000,
  prefetch: 100,
  queueType: 'classic',
  consumers: 0,
  waitMs: 0,
};

const WITHOUT_PIKA = CLIENTS.filter((client) => client !== 'pika');

/** @param factor how many times more messages than in the short run */
function workloads(factor: number): [string, Partial<Measurement>, readonly ClientName[]][] {
  const many = { warmUp: 3000 * factor, count: 10_000 * factor };
  const few = { window: 1, warmUp: 300 * factor, count: 1000 * factor };
  return [
    ['publish', { ...many, window: null }, CLIENTS],
    ['one by one', few, CLIENTS],
    ['window 1000', many, WITHOUT_PIKA],
    ['consume', { ...many, workload: 'consume' }, CLIENTS],
  ];
}

/** Each workload at 12 B and 1 KB, transient and persistent; the short run has two of the four. */
export function planTable({ full }: { full: boolean }): Plan {
  const kinds = full
    ? [kind(12, false), kind(12, true), kind(1024, false), kind(1024, true)]
    : [kind(12, false), kind(1024, true)];
  const rows = workloads(full ? 2 : 1).flatMap(([workload, change, clients]) =>
    kinds.map(([words, more]) => ({
      name: `${workload}, ${words}`,
      clients,
      measurement: { ...BASE, ...change, ...more },
    })),
  );
  const steady: Measurement = {
    ...BASE,
    workload: 'latency',
    warmUp: 250,
    count: full ? 2500 : 500,
  };
  const latency = { name: `latency, ${kind(12, false)[0]}`, clients: CLIENTS, measurement: steady };
  // Garbage that is collected late shows only after many messages.
  const many: Measurement = { ...BASE, size: 1024, count: 100_000 };
  const long = {
    name: 'window 1000, 1 KB, 100,000 of them',
    clients: WITHOUT_PIKA,
    measurement: many,
  };
  return { rounds: full ? 7 : 3, rows: [...rows, ...(full ? [long] : []), latency] };
}

function kind(size: number, persistent: boolean): [string, Partial<Measurement>] {
  return [`${bytes(size)}, ${persistent ? 'persistent' : 'transient'}`, { size, persistent }];
}

/** A size as people say it: 12 B, 1 KB, 1 MB. */
export function bytes(size: number): string {
  if (size >= 1024 ** 2) return `${size / 1024 ** 2} MB`;
  return size >= 1024 ? `${size / 1024} KB` : `${size} B`;
}
