/** How cost grows: what is measured for the charts, all of it with the lab's client. */
import type { Measurement } from './measurement.ts';
import { BASE, bytes, type Plan, type Row } from './rows.ts';

/** One line of a chart, or one set of bars. */
export interface Line {
  name: string;
  /** The names of its rows in the order of the chart's steps. */
  rows: string[];
}

/** A part of a chart with a vertical axis of its own. */
export interface Panel {
  title: string;
  lines: Line[];
  /** What the messages a second are multiplied by, for each step. */
  times?: number[];
  unit: string;
}

export interface Chart {
  /** Its file's name. */
  name: string;
  title: string;
  /** Under which conditions. */
  subtitle: string;
  axis: string;
  steps: string[];
  kind: 'lines' | 'bars';
  /** Each line of the grid is ten times the one below, where the values differ by so much. */
  isLog?: true;
  panels: Panel[];
}

type Change<Step> = (step: Step) => Partial<Measurement>;

const MESSAGES = 'messages/s';
const SIZES = [12, 128, 1024, 8192, 65_536, 1_048_576];
const UP_TO_1000 = [1, 3, 10, 30, 100, 300, 1000];
const TYPES = ['classic', 'quorum', 'stream'] as const;
const CONSUMERS = [1, 2, 4, 8];

/** The charts, and the measurements that they need. */
export function planCharts(): Plan & { charts: Chart[] } {
  const rows: Row[] = [];
  function line<Step>(name: string, steps: readonly Step[], change: Change<Step>): Line {
    const added = steps.map((step): Row => {
      const unique = `${rows.length} ${name}, ${step}`;
      return { name: unique, clients: ['lab'], measurement: { ...BASE, ...change(step) } };
    });
    rows.push(...added);
    return { name, rows: added.map((row) => row.name) };
  }
  const charts = [sizes(line), windows(line), prefetches(line), queues(line), consumers(line)];
  return { rounds: 5, rows, charts };
}

type AddLine = <Step>(name: string, steps: readonly Step[], change: Change<Step>) => Line;

function sizes(line: AddLine): Chart {
  // At most 64 MB in the queue: above its limit of memory the broker would take no more.
  const ofSize = (size: number) => ({
    size,
    count: Math.min(20_000, 2 ** 26 / size),
    warmUp: Math.min(3000, 2 ** 24 / size),
    window: 100,
  });
  const lines = [
    line('publish', SIZES, ofSize),
    line('consume', SIZES, (size) => ({ ...ofSize(size), workload: 'consume' })),
  ];
  return {
    name: 'size',
    title: 'The size of a message',
    subtitle:
      'transient, window 100, prefetch 100, classic queue; each line of the grid is ten times the one below',
    axis: 'size of one message',
    steps: SIZES.map(bytes),
    kind: 'lines',
    isLog: true,
    panels: [
      { title: 'Messages a second', unit: MESSAGES, lines },
      { title: 'Megabytes a second', unit: 'MB/s', lines, times: SIZES.map((size) => size / 1e6) },
    ],
  };
}

function windows(line: AddLine): Chart {
  const ofWindow = (window: number) => ({ window, size: 1024, count: 1000 + 15 * window });
  const lines = [
    line('transient', UP_TO_1000, ofWindow),
    line('persistent', UP_TO_1000, (window) => ({ ...ofWindow(window), persistent: true })),
  ];
  return {
    name: 'window',
    title: 'How many messages may be unconfirmed',
    subtitle: 'publish, 1 KB, classic queue; a window of 1 is one by one',
    axis: 'window: messages sent and not confirmed yet',
    steps: UP_TO_1000.map((step) => step.toLocaleString('en')),
    kind: 'lines',
    panels: [{ title: 'Messages a second', unit: MESSAGES, lines }],
  };
}

function prefetches(line: AddLine): Chart {
  const ofPrefetch = (prefetch: number) => ({
    prefetch,
    workload: 'consume' as const,
    count: Math.min(20_000, 4000 + 400 * prefetch),
  });
  const lines = [
    line('12 B', UP_TO_1000, ofPrefetch),
    line('1 KB', UP_TO_1000, (prefetch) => ({ ...ofPrefetch(prefetch), size: 1024 })),
  ];
  return {
    name: 'prefetch',
    title: 'How many messages a consumer may hold',
    subtitle: 'consume and ack each, transient, classic queue, one consumer',
    axis: 'prefetch: messages delivered and not acked yet',
    steps: UP_TO_1000.map((step) => step.toLocaleString('en')),
    kind: 'lines',
    panels: [{ title: 'Messages a second', unit: MESSAGES, lines }],
  };
}

function queues(line: AddLine): Chart {
  const of = (queueType: Measurement['queueType']) => ({ queueType, size: 1024, persistent: true });
  const panel = (title: string, change: Partial<Measurement>) => {
    const lines = [line(title, TYPES, (type) => ({ ...of(type), ...change }))];
    return { title, unit: MESSAGES, lines };
  };
  return {
    name: 'queue',
    title: 'The kind of queue',
    subtitle: '1 KB, persistent, one broker; each panel has an axis of its own',
    axis: '',
    steps: [...TYPES],
    kind: 'bars',
    panels: [
      panel('Publish, window 1,000', {}),
      panel('Publish, one by one', { window: 1, warmUp: 300, count: 1000 }),
      panel('Consume, prefetch 100', { workload: 'consume' }),
    ],
  };
}

function consumers(line: AddLine): Chart {
  const quick = line('acks at once', CONSUMERS, (count) => ({
    workload: 'consume',
    consumers: count,
    count: 30_000,
  }));
  const slow = line('waits 5 ms, then acks', CONSUMERS, (count) => ({
    workload: 'consume',
    consumers: count,
    prefetch: 1,
    waitMs: 5,
    warmUp: 20 * count,
    count: 150 * count,
  }));
  return {
    name: 'consumers',
    title: 'How many consumers share a queue',
    subtitle:
      '12 B, transient, classic queue, each consumer a process; each panel has an axis of its own',
    axis: 'consumers',
    steps: CONSUMERS.map(String),
    kind: 'lines',
    panels: [
      { title: 'They ack at once (prefetch 100)', unit: MESSAGES, lines: [quick] },
      { title: 'They wait 5 ms before each ack (prefetch 1)', unit: MESSAGES, lines: [slow] },
    ],
  };
}
