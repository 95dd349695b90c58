/** Faults at random, one after the other. After each one messages must flow again by themselves. */
import { setTimeout as pause } from 'node:timers/promises';
import { refuseUnmeantEnds } from './drain.ts';
import { doFault } from './faults.ts';
import type { Flow, Recovery } from './flow.ts';
import { readWords } from './journal.ts';
import type { Lab } from './lab.ts';
import { FLOW_DEADLINE_MS, type LongRun, longRun } from './long-run.ts';
import { findRows, type Row } from './rows.ts';
import { makeSchedule, type PlannedFault } from './schedule.ts';
import { quantile } from './statistics.ts';
import { endsBroker, flowsMs, newMs, type Survived } from './survived.ts';
import { say, seconds } from './words.ts';

/** How long messages gather in the queue before the broker ends, in milliseconds. */
const GATHER_MS = 1000;

export interface RandomRun extends LongRun {
  faults: Survived[];
}

const words = readWords({ row: 'classic', faults: '50', seed: '' });
const seed = words.seed === '' ? Math.floor(Math.random() * 2 ** 31) : Number(words.seed);
const schedule = makeSchedule(seed, Number(words.faults));
const [row] = findRows(words.row) as [Row];

await longRun('random', row, seed, async (lab, flow) => {
  const faults: Survived[] = [];
  for (const [index, fault] of schedule.entries()) {
    await pause(fault.calmMs);
    const number = `${index + 1}/${schedule.length}`.padStart(7);
    const planned = `${number}  ${fault.kind.padEnd(18)} ${seconds(fault.lastsMs)}`;
    const recovery = await survive(lab, flow, fault).catch((cause) => {
      throw new Error(planned, { cause });
    });
    faults.push({ kind: fault.kind, lastsMs: fault.lastsMs, ...recovery });
    const { confirmedMs, receivedMs, newMs } = recovery;
    say(
      `${planned}, then confirms after ${seconds(confirmedMs)}, deliveries after ` +
        `${seconds(receivedMs)}, a new message came through after ${seconds(newMs)}`,
    );
  }
  const ofPort = faults.filter(endsBroker);
  const port = 'From the open port of a broker that had ended to';
  sayTimes(`${port} the first confirm and delivery`, ofPort.map(flowsMs));
  sayTimes(`${port} a new message's receipt, after all that had gathered`, ofPort.map(newMs));
  sayTimes("From the end of a fault to a new message's receipt", faults.map(newMs));
  return { seen: { faults }, isWell: true };
});

async function survive(lab: Lab, flow: Flow, fault: PlannedFault): Promise<Recovery> {
  await doIt(lab, fault);
  const [recovery] = (await flow.again(FLOW_DEADLINE_MS)) as [Recovery];
  refuseUnmeantEnds(lab);
  return recovery;
}

// With an empty queue a broker's end would prove nothing. So the consumer is frozen before it, and
// thaws when the broker has ended.
async function doIt(lab: Lab, fault: PlannedFault): Promise<void> {
  if (!endsBroker(fault)) return doFault(lab, fault);
  await lab.pause('consumer');
  await pause(GATHER_MS);
  await doFault(lab, fault, () => lab.unpause('consumer'));
}

function sayTimes(what: string, times: number[]): void {
  if (times.length === 0) return;
  const at = (share: number) => seconds(quantile(times, share));
  say(`${what}, ${times.length} times: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`);
}
