/** One fault that was done, and how long it took until messages flowed again. Pure. */
import type { Recovery } from './flow.ts';
import type { PlannedFault } from './schedule.ts';

export type Survived = Omit<PlannedFault, 'calmMs'> & Recovery;

/** Whether the times count from the open port of a broker that had ended. */
export function endsBroker({ kind }: Pick<PlannedFault, 'kind'>): boolean {
  return kind === 'broker killed' || kind === 'broker stopped';
}

/** Until messages flow on both sides, in milliseconds. */
export function flowsMs({ confirmedMs, receivedMs }: Recovery): number {
  return Math.max(confirmedMs, receivedMs);
}

/** Until a new message is received, after all that had gathered, in milliseconds. */
export function newMs({ newMs }: Recovery): number {
  return newMs;
}
