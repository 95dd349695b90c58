/** What a run says, and the numbers as it says them. */
import type { Totals } from './ledger.ts';

export function say(text: string): void {
  console.log(` [x] ${text}`);
}

/** What became of all messages. */
export function sayTotals(totals: Totals): void {
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
}

/** "1.25 s" */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
