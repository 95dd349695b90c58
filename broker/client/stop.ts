/** What a program does when it is told to stop. */

interface Closable {
  close(options: { endsProgram: true }): Promise<void>;
  readonly unsettled: string;
}

/**
 * Closes `connection` on SIGTERM or SIGINT and ends the program: status 0 if all was settled.
 * A second signal, or the end of `timeoutMs` (milliseconds), ends it at once with status 1.
 */
export function stopOnSignals(connection: Closable, timeoutMs: number): void {
  let asked = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (asked) endAtOnce(connection, `by a second ${signal}`);
    asked = true;
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
