/** What a program does when it is told to stop. */

interface Closable {
  close(options: { endsProgram: true }): Promise<void>;
  readonly unsettled: string;
}

/**
 * Within this time, in milliseconds, the same signal again is the same wish: without a terminal,
 * `docker compose run` 2.18 and later passes each signal on twice (docker/compose, pull request 10633).
 */
const SAME_WISH_MS = 1000;

/**
 * Closes `connection` on SIGTERM or SIGINT and ends the program: status 0 if all was settled.
 * Another signal, the same one a second later, or the end of `timeoutMs` (milliseconds), ends it at
 * once with status 1.
 */
export function stopOnSignals(connection: Closable, timeoutMs: number): void {
  let first: { signal: NodeJS.Signals; at: number } | undefined;
  const stop = async (signal: NodeJS.Signals) => {
    if (first?.signal === signal && performance.now() - first.at < SAME_WISH_MS) return;
    if (first) endAtOnce(connection, `by a second ${signal}`);
    first = { signal, at: performance.now() };
    console.log(` [!] ${signal}: closing in order.`);
    setTimeout(endAtOnce, timeoutMs, connection, `after ${timeoutMs} ms`);
    await connection.close({ endsProgram: true }).catch(() => {}); // the rest is said below
    if (connection.unsettled) endAtOnce(connection, 'without the broker');
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function endAtOnce(connection: Closable, why: string): never {
  console.error(` [!] Ended ${why}; left behind: ${connection.unsettled || 'nothing'}.`);
  process.exit(1);
}
