/** What the lab's client may cost more than amqplib alone, and whether it keeps to that. */
import type { Result } from './measurement.ts';
import type { Rounds } from './rounds.ts';
import type { Row } from './rows.ts';
import { median, ratio } from './statistics.ts';

interface Goal {
  name: string;
  rows: (row: Row) => boolean;
  of: (result: Result) => number | undefined;
  compare: (lab: number[], amqplib: number[]) => number;
  isMet: (value: number) => boolean;
  show: (value: number) => string;
}

const isLatency = (row: Row) => row.measurement.workload === 'latency';
/** Three digits: 0.946 is short of 0.95. */
const times = (value: number) => `${value.toFixed(3)}x`;

const GOALS: Goal[] = [
  {
    name: 'at least 0.95x the messages a second',
    rows: (row) => !isLatency(row),
    of: (result) => result.messages,
    compare: ratio,
    isMet: (value) => value >= 0.95,
    show: times,
  },
  {
    name: 'at most 1.1x the CPU',
    rows: (row) => !isLatency(row),
    of: (result) => result.cpu,
    compare: ratio,
    isMet: (value) => value <= 1.1,
    show: times,
  },
  {
    name: 'at most 20 MB more in a window of 1,000',
    rows: (row) => row.measurement.workload === 'publish' && row.measurement.window === 1000,
    of: (result) => result.rss,
    compare: (lab, amqplib) => median(lab) - median(amqplib),
    isMet: (value) => value <= 20,
    show: (value) => `${value.toFixed(0)} MB`,
  },
  {
    name: 'at most 1.2x the latency, of 99 in 100',
    rows: isLatency,
    of: (result) => result.p99,
    compare: ratio,
    isMet: (value) => value <= 1.2,
    show: times,
  },
];

/** One line for each goal: in how many rows it is met, and by how much not in the others. */
export function checkGoals(rows: Row[], results: Map<string, Rounds>): string[] {
  return GOALS.flatMap((goal) => {
    const measured = rows.filter(goal.rows).map((row) => {
      const rounds = results.get(row.name);
      const valuesOf = (client: 'lab' | 'amqplib') =>
        (rounds?.get(client) ?? []).map((result) => goal.of(result) ?? Number.NaN);
      return { name: row.name, value: goal.compare(valuesOf('lab'), valuesOf('amqplib')) };
    });
    if (measured.length === 0) return [];
    const short = measured.filter(({ value }) => !goal.isMet(value));
    const met = `${goal.name}: ${measured.length - short.length} of ${measured.length} rows`;
    const where = short.map(({ name, value }) => `${name} ${goal.show(value)}`).join('; ');
    return [where ? `${met}. Short of it: ${where}` : met];
  });
}
