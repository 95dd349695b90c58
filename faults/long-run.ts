/**
 * Many faults one after the other, on one row, while messages flow. At the end the two journals are
 * compared, and the result is written to a file.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { drain } from './drain.ts';
import { brokerListens } from './faults.ts';
import { Flow } from './flow.ts';
import { Lab } from './lab.ts';
import type { Totals } from './ledger.ts';
import type { Row } from './rows.ts';
import { say, sayTotals } from './words.ts';

/** How long a new message may take after a fault, in milliseconds: those before it come first. */
export const FLOW_DEADLINE_MS = 60_000;

/** What holds for every kind of long run. */
export interface LongRun {
  row: string;
  queue: Row['queue'];
  version: string;
  seed: number;
  seconds: number;
  totals: Totals;
}

/**
 * Starts the lab, lets `faults` do what it does, and drains the queue. Ends the process: with status 0
 * if no message is lost or unexpected, no duplicate without a reason, and `faults` found all well.
 *
 * @param name of the result's folder
 * @param faults returns what it has seen, for the result, and whether that is well
 */
export async function longRun<Seen extends object>(
  name: string,
  row: Row,
  seed: number,
  faults: (lab: Lab, flow: Flow) => Promise<{ seen: Seen; isWell: boolean }>,
): Promise<never> {
  mkdirSync(`/tmp/results/${name}`, { recursive: true });
  const began = performance.now();
  const lab = await Lab.open();
  try {
    await lab.start('broker');
    await brokerListens();
    const version = await lab.runOnce('broker', 'rabbitmqctl -q version', {});
    say(`Seed ${seed}: a ${row.queue} queue of RabbitMQ ${version}`);
    const flow = new Flow([row]);
    await Promise.all([lab.start('producer'), lab.start('consumer')]);
    await flow.again(FLOW_DEADLINE_MS);
    const { seen, isWell } = await faults(lab, flow);
    const [totals] = (await drain(lab, flow, [row])) as [Totals];
    const seconds = Math.round((performance.now() - began) / 1000);
    sayTotals(totals);
    say(`The queue is empty; no program has ended by itself. ${seconds} s`);
    const run: LongRun = { row: row.name, queue: row.queue, version, seed, seconds, totals };
    const result = JSON.stringify({ ...run, ...seen }, undefined, 2);
    writeFileSync(`/tmp/results/${name}/${row.name}-${version}.json`, `${result}\n`);
    const isKept = totals.lost + totals.unexpected + totals.unexplained === 0;
    process.exit(isKept && isWell ? 0 : 1);
  } catch (error) {
    await lab.showLogs();
    console.error(error);
    say(`repeat it with SEED=${seed}`);
    process.exit(1);
  }
}
