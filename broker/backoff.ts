/**
 * How long to wait before the next attempt to connect. Pure: no clock, no chance of its own.
 *
 * While nothing answers, an attempt costs next to nothing, so the pause is a small share of the
 * time already waited: a client is there a moment after the broker's port opens, and after an hour
 * it asks only every few seconds. A broker that accepts and drops again costs both sides more, so
 * each such drop in a row doubles the pause.
 *
 * @param waitedMs how long there has been no connection, in milliseconds
 * @param drops connections in a row that were lost soon after they were made
 * @param random a number from 0 to 1; it spreads clients that all lost the same broker
 * @returns the pause in milliseconds, from 19 to 6,250
 */
export function reconnectDelay(waitedMs: number, drops: number, random: number): number {
  const patience = Math.max(25, waitedMs / 200);
  const caution = drops === 0 ? 0 : 100 * 2 ** drops;
  const spread = 0.75 + random / 2;
  return Math.min(5000, Math.max(patience, caution)) * spread;
}
