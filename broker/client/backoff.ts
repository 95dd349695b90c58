/** How long to wait before the next attempt. Pure: no clock, no chance of its own. */

/**
 * Before the next attempt to connect. While nothing answers, the pause is a share of the time already
 * waited: a quarter of a second in the first ten seconds, in which a broker starts, and five seconds
 * after some minutes. A broker that accepts and drops again costs both sides more, so each such drop
 * in a row doubles the pause that follows it.
 *
 * @param waitedMs how long there has been no connection, in milliseconds
 * @param drops how many connections in a row were lost soon after they were made, if this pause
 *   follows the last of them; 0 after an attempt that failed
 * @param random a number from 0 to 1; it spreads clients that all lost the same broker
 * @returns the pause in milliseconds, from 187 to 6,250
 */
export function reconnectDelay(waitedMs: number, drops: number, random: number): number {
  const patience = Math.max(250, waitedMs / 40);
  const caution = drops === 0 ? 0 : 100 * 2 ** drops;
  return spread(Math.min(5000, Math.max(patience, caution)), random);
}

/**
 * Before the next channel on a connection that is there. A channel that was in use is replaced at
 * once; one on which the broker refuses what the program has declared is tried more and more seldom.
 *
 * @param failures channels in a row on which not all could be restored
 * @param random a number from 0 to 1
 * @returns the pause in milliseconds, from 7 to 6,250
 */
export function channelDelay(failures: number, random: number): number {
  return spread(failures === 0 ? 10 : Math.min(5000, 100 * 2 ** failures), random);
}

function spread(ms: number, random: number): number {
  return ms * (0.75 + random / 2);
}
