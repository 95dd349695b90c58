/**
 * Faults at random, one after the other, while messages flow. After each one they must flow again by
 * themselves; at the end the two journals are compared.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { drain, refuseUnmeantEnds } from './drain.ts';
import { brokerListens, doFault } from './faults.ts';
import { Flow, type Recovery } from './flow.ts';
import { readWords } from './journal.ts';
import { Lab } from './lab.ts';
import type { Totals } from './ledger.ts';
import { findRows, type Row } from './rows.ts';
import { makeSchedule, type PlannedFault } from './schedule.ts';

/** How long a new message may take after a fault, in milliseconds: those before it come first. */
const FLOW_DEADLINE_MS = 60_000;
/** How long messages gather in the queue before the broker ends, in milliseconds. */
const GATHER_MS = 1000;

const words = readWords({ row: 'classic', faults: '50', seed: '' });
const seed = words.seed === '' ? Math.floor(Math.random() * 2 ** 31) : Number(words.seed);
const schedule = makeSchedule(seed, Number(words.faults));
const [row] = findRows(words.row) as [Row];
const began = performance.now();

const lab = await Lab.open();
const flow = new Flow([row]);
let totals: Totals;
const recoveries: { kind: string; recovery: Recovery }[] = [];
try {
  await lab.start('broker');
  await brokerListens();
  const version = await lab.runOnce('broker', 'rabbitmqctl -q version', {});
  say(`${schedule.length} faults, seed ${seed}: a ${row.queue} queue of RabbitMQ ${version}`);
  await Promise.all([lab.start('producer'), lab.start('consumer')]);
  await flow.again(FLOW_DEADLINE_MS);

  for (const [index, fault] of schedule.entries()) {
    await pause(fault.calmMs);
    const number = `${index + 1}/${schedule.length}`.padStart(7);
    const planned = `${number}  ${fault.kind.padEnd(18)} ${seconds(fault.lastsMs)}`;
    await doIt(fault).catch((cause) => {
      throw new Error(`${planned}: this fault failed`, { cause });
    });
    const [recovery] = (await flow.again(FLOW_DEADLINE_MS).catch((cause) => {
      throw new Error(`${planned}: nothing flows`, { cause });
    })) as [Recovery];
    recoveries.push({ kind: fault.kind, recovery });
    const { confirmedMs, receivedMs, newMs } = recovery;
    say(
      `${planned}, then confirms after ${seconds(confirmedMs)}, deliveries after ` +
        `${seconds(receivedMs)}, a new message came through after ${seconds(newMs)}`,
    );
    refuseUnmeantEnds(lab);
  }

  [totals] = (await drain(lab, flow, [row])) as [Totals];
} catch (error) {
  await lab.showLogs();
  console.error(error);
  say(`repeat it with SEED=${seed}`);
  process.exit(1);
}

report(totals);
const isKept = totals.lost + totals.unexpected + totals.unexplained === 0;
process.exit(isKept ? 0 : 1);

// With an empty queue a broker's end would prove nothing. So the consumer is frozen before it, and
// thaws when the broker is back.
async function doIt(fault: PlannedFault): Promise<void> {
  if (!endsBroker(fault.kind)) return doFault(lab, fault);
  await lab.pause('consumer');
  await pause(GATHER_MS);
  await doFault(lab, fault);
  await lab.unpause('consumer');
}

function endsBroker(kind: string): boolean {
  return kind === 'broker killed' || kind === 'broker stopped';
}

function report(totals: Totals): void {
  const { attempted, acknowledged, returned, nacked, unknown } = totals;
  say(
    `${attempted} attempted = ${acknowledged} acknowledged + ${returned} returned + ` +
      `${nacked} nacked + ${unknown} unknown`,
  );
  say(
    `${totals.received} received, ${totals.lost} lost, ${totals.unexpected} unexpected, ` +
      `${totals.recovered} recovered`,
  );
  say(
    `${totals.duplicated} duplicated: ${totals.redelivered} redelivered, ${totals.resent} resent, ` +
      `${totals.unexplained} unexplained`,
  );
  const ofPort = recoveries.filter(({ kind }) => endsBroker(kind));
  sayTimes("From the open port of a broker that had ended to a new message's receipt", ofPort);
  sayTimes("From the end of a fault to a new message's receipt", recoveries);
  say(`The queue is empty; no program has ended by itself. ${seconds(performance.now() - began)}`);
}

function sayTimes(what: string, of: typeof recoveries): void {
  const times = of.map(({ recovery }) => recovery.newMs).sort((a, b) => a - b);
  if (times.length === 0) return;
  const at = (share: number) => seconds(times[Math.ceil(share * times.length) - 1] ?? 0);
  say(`${what}: median ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function say(text: string): void {
  console.log(` [x] ${text}`);
}
