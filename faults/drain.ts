/** The end of an experiment: everything that is on its way arrives, and all programs end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Channel } from '../broker/client/channel.ts';
import { withChannel } from './broker-channel.ts';
import type { Flow } from './flow.ts';
import { pathOf, readEntries } from './journal.ts';
import type { Lab, Service } from './lab.ts';
import { audit, type Totals } from './ledger.ts';
import type { Row } from './rows.ts';

/** How long the queues may take to be drained, in milliseconds. */
const DEADLINE_MS = 120_000;
/** How long nothing may come before the last message, in milliseconds: it may be one that was lost. */
const LAST_DEADLINE_MS = 15_000;

/**
 * Stops the producer, waits until the queues are empty, stops the consumer: is nothing left?
 *
 * @returns what the journals say, in the order of the rows
 */
export async function drain(lab: Lab, flow: Flow, rows: Row[]): Promise<Totals[]> {
  await stop(lab, 'producer');
  const queues = rows.filter(({ queue }) => queue !== 'stream');
  // A stream is never empty. And a quorum queue whose leader doesn't answer within 250 ms is said to
  // be: on 3.10 and on 4.3 (rabbit_quorum_queue.erl, `stat`).
  const uncounted = rows.filter(({ queue }) => queue !== 'classic');
  await withChannel(async (channel) => {
    await emptied(channel, queues);
    await Promise.all(uncounted.map((row) => lastReceived(flow, row)));
    // What it had not acknowledged is counted again once it has ended.
    await stop(lab, 'consumer');
    const left = await countReady(channel, queues);
    if (left > 0) throw new Error(`${left} messages came back to their queues.`);
  });
  refuseUnmeantEnds(lab);
  return rows.map(({ name }) =>
    audit(readEntries(pathOf(name, 'producer')), readEntries(pathOf(name, 'consumer'))),
  );
}

async function emptied(channel: Channel, queues: Row[]): Promise<void> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  for (;;) {
    const left = await countReady(channel, queues);
    if (left === 0) return;
    if (deadline.aborted) throw new Error(`${left} messages are left.`);
    await pause(100);
  }
}

async function countReady(channel: Channel, queues: Row[]): Promise<number> {
  let sum = 0;
  for (const { name } of queues) sum += (await channel.checkQueue(name)).messageCount;
  return sum;
}

async function lastReceived(flow: Flow, row: Row): Promise<void> {
  const received = () => Math.max(flow.highest(row, 'received'), flow.highest(row, 'redelivered'));
  const isIn = () => received() >= flow.highest(row, 'acknowledged');
  for (let before = -1; received() > before; ) {
    before = received();
    await flow.until(isIn, LAST_DEADLINE_MS, () => 'not received').catch(() => {});
    if (isIn()) return;
  } // then it's lost
}

/** A program that is told to stop settles all and ends with 0. */
async function stop(lab: Lab, service: Service): Promise<void> {
  const { status } = await lab.stop(service, 40);
  if (status !== '0') throw new Error(`The ${service} did not stop in order: status ${status}.`);
}

/** @throws when a container has ended that no fault has ended */
export function refuseUnmeantEnds({ ends }: Lab): void {
  const end = ends.find(({ isMeant }) => !isMeant);
  if (end) throw new Error(`The ${end.service} has ended by itself, with status ${end.status}.`);
}
