/** How a lesson begins: a connection that says what happens to it, and ends with the program. */
import { loadSettings, type Settings } from './config.ts';
import { Connection } from './connection.ts';
import { BrokerError } from './errors.ts';
import { report } from './report.ts';
import { stopOnSignals } from './stop.ts';

/**
 * Connects to the broker of the settings. Waits as long as it isn't there; amqplib's `connect`, which
 * takes a URL, fails then. What happens to the connection later is printed (` [!] ...`).
 *
 * SIGTERM and SIGINT close it in order and end the program with status 0. Another signal, the same one
 * a second later, or `STOP_TIMEOUT_MS` ends it at once with status 1. So does an error that nobody
 * catches, such as the broker's refusal: with one line if it is a BrokerError, else with its stack.
 *
 * @param settings by default those of the environment; a bad one ends the program with status 2
 */
export async function connect(settings: Settings = loadSettings()): Promise<Connection> {
  const connection = new Connection(settings.brokers);
  report(connection);
  stopOnSignals(connection, settings.stopTimeoutMs);
  if (process.listenerCount('uncaughtException', end) === 0) process.on('uncaughtException', end);
  await connection.opened();
  return connection;
}

function end(error: unknown): never {
  console.error(error instanceof BrokerError ? ` [!] ${error.message}` : error);
  process.exit(1);
}
