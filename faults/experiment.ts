/**
 * One column of the table: a fault is done to all rows at once, while messages flow in each. At the
 * end the journals are compared, and the result is written to a file.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { withChannel } from './broker-channel.ts';
import { NotRun } from './disk.ts';
import { drain, refuseUnmeantEnds } from './drain.ts';
import { brokerListens } from './faults.ts';
import { Flow } from './flow.ts';
import { pathOf, readEntries, readWords } from './journal.ts';
import { Lab, type Service } from './lab.ts';
import { HURRY, setMark } from './marks.ts';
import type { Result } from './result.ts';
import { declare, findRows, type Row } from './rows.ts';

/** What a file in experiments/ holds. */
export interface Experiment {
  /** The head of its column. */
  title: string;
  /** What is done, in a sentence. */
  what: string;
  /** The rows that may lose messages by it, as {@link findRows} knows them: it takes them by itself. */
  takes?: string;
  /** Whether the producer must have lost a channel or its connection by it, or it did not happen. */
  cuts?: boolean;
  /** The nodes of the broker, where one won't do. */
  nodes?: readonly Service[];
  /** Where the lab's own broker won't do. */
  prepare?: (lab: Lab) => Promise<void>;
  /** Does the fault, and undoes it. */
  fault: (lab: Lab) => Promise<void>;
  /** After all has ended, whatever happened. */
  cleanUp?: (lab: Lab) => Promise<void>;
}

/** How long messages may take to flow, in milliseconds. */
const FLOW_DEADLINE_MS = 60_000;
/** For how long messages flow after the fault, in milliseconds. */
const AFTER_MS = 2000;

const words = readWords({ name: 'broker-killed', run: '1', seed: '1', rows: 'all' });
const seed = Number(words.seed) + Number(words.run) - 1;
const experiment: Experiment = (await import(`./experiments/${words.name}.ts`)).default;
const rows = findRows(words.rows);
const began = performance.now();
const lab = await Lab.open();
const { title, what, takes = '', cuts = false, nodes = ['broker'] } = experiment;
const version = await lab.runOnce('broker', 'rabbitmqctl -q version', {});
const result: Result = { experiment: words.name, title, what, takes, version, seed, rows: {} };

try {
  await experiment.prepare?.(lab);
  await Promise.all(nodes.map((node) => lab.start(node)));
  await Promise.all(nodes.map((node) => brokerListens(node)));
  // Not by both programs at once: RabbitMQ 3.10 may answer one of two that declare a stream with 541.
  await withChannel(async (channel) => {
    for (const row of rows) await declare(channel, row);
  });
  const flow = new Flow(rows);
  await Promise.all([lab.start('producer'), lab.start('consumer')]);
  await flow.again(FLOW_DEADLINE_MS);

  // The consumer is a little slower than the producer: some messages wait when the fault comes.
  await pause(uniformInt(xoroshiro128plus(seed), 3000, 5000));
  await experiment.fault(lab);
  setMark(HURRY);
  const recoveries = await flow.again(FLOW_DEADLINE_MS);
  refuseUnmeantEnds(lab);
  if (cuts) requireLoss(rows);
  await pause(AFTER_MS);
  for (const [index, totals] of (await drain(lab, flow, rows)).entries()) {
    const { name, title } = rows[index] as (typeof rows)[number];
    result.rows[name] = { totals, recoveryMs: Math.round(recoveries[index]?.newMs ?? 0) };
    const { acknowledged, lost, duplicated, recovered, returned } = totals;
    say(
      `  ${title.padEnd(42)} ${acknowledged} acknowledged, ${lost} lost, ` +
        `${duplicated} duplicated, ${recovered} recovered, ${returned} returned`,
    );
  }
} catch (error) {
  if (!(error instanceof NotRun)) {
    await lab.showLogs();
    console.error(`${title} (seed ${seed})`, error);
    process.exitCode = 1;
  }
  result.notRun = error instanceof Error ? error.message : String(error);
} finally {
  await experiment.cleanUp?.(lab);
}
const folder = `/tmp/results/${words.run}`;
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/${words.name}.json`, `${JSON.stringify(result, undefined, 2)}\n`);
const time = ((performance.now() - began) / 1000).toFixed(0);
say(`${title}, RabbitMQ ${version}, seed ${seed}: ${result.notRun ?? `${time} s`}`);
process.exit();

/** @throws when the producer has not noticed that it was cut off */
function requireLoss(rows: Row[]): void {
  const entries = rows.flatMap(({ name }) => readEntries(pathOf(name, 'producer')));
  if (!entries.some(({ word }) => word === 'lost'))
    throw new Error('The producer has lost nothing: the fault did not reach it.');
}

function say(text: string): void {
  console.log(` [x] ${text}`);
}
