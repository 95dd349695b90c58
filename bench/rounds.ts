/** Runs the measurements, each in a process of its own, in rounds: so they share the machine's moods. */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { Broker } from './broker.ts';
import type { ClientName, Result, Task } from './measurement.ts';
import type { Plan, Row } from './rows.ts';

/** The results of a row: for each client one a round. */
export type Rounds = Map<ClientName, Result[]>;

const run = promisify(execFile);
const MEASURE = `${import.meta.dirname}/measure.ts`;
const PIKA = `${import.meta.dirname}/clients/pika-client.py`;
/** One measurement takes about a second; on a machine that is very slow, some. In milliseconds. */
const DEADLINE_MS = 120_000;

/** Measures all rows of a plan, round by round. */
export async function runRounds(
  plan: Plan,
  broker: Broker,
  say: (line: string) => void,
): Promise<Map<string, Rounds>> {
  const results = new Map(plan.rows.map((row): [string, Rounds] => [row.name, new Map()]));
  for (let round = 0; round < plan.rounds; round++) {
    say(`round ${round + 1} of ${plan.rounds}`);
    for (const row of plan.rows) {
      for (const client of inTurn(row.clients, round)) {
        const result = await measure(row, client, broker);
        const rounds = results.get(row.name);
        rounds?.set(client, [...(rounds.get(client) ?? []), result]);
      }
    }
  }
  return results;
}

/** Another client begins each round, and every other round goes backwards: none has the best place. */
function inTurn(clients: readonly ClientName[], round: number): ClientName[] {
  const first = round % clients.length;
  const turned = [...clients.slice(first), ...clients.slice(0, first)];
  return round % 2 === 0 ? turned : turned.reverse();
}

async function measure({ name, measurement }: Row, client: ClientName, broker: Broker) {
  const { workload, warmUp, count, queueType } = measurement;
  const task: Task = { ...measurement, client, host: broker.host, queue: 'bench' };
  await broker.declare(task.queue, queueType);
  // Consumers that work together report by the hundred: some more, so that the last report comes.
  if (workload === 'consume') await broker.fill(task, warmUp + count + 200 * task.consumers);
  try {
    return await (task.consumers ? measureTogether(task, task.consumers) : measureAlone(task));
  } catch (error) {
    throw new Error(`${client} failed in "${name}".`, { cause: error });
  } finally {
    await broker.delete(task.queue);
  }
}

async function measureAlone(task: Task): Promise<Result> {
  const [program, script] =
    task.client === 'pika' ? ['python3', PIKA] : [process.execPath, MEASURE];
  const { stdout } = await run(program, [script, JSON.stringify(task)], { timeout: DEADLINE_MS });
  return JSON.parse(stdout);
}

/** Several processes consume from one queue; what counts is how many messages all of them ack. */
async function measureTogether(task: Task, consumers: number): Promise<Result> {
  const children = Array.from({ length: consumers }, () =>
    fork(MEASURE, [JSON.stringify(task)], { timeout: DEADLINE_MS }),
  );
  const gone = children.map((child) => once(child, 'exit'));
  try {
    const tooEarly = Promise.race(gone).then(([code, signal]) => {
      throw new Error(`A consumer ended too early: ${signal ?? `status ${code}`}.`);
    });
    await Promise.race([Promise.all(children.map((child) => once(child, 'message'))), tooEarly]);
    const messages = await Promise.race([countAcks(children, task), tooEarly]);
    return { messages, cpu: Number.NaN, rss: Number.NaN };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(gone);
  }
}

/** Lets the consumers begin. Resolves with how many messages a second they ack together. */
function countAcks(children: ChildProcess[], { warmUp, count }: Task): Promise<number> {
  return new Promise((resolve) => {
    let acked = 0;
    let begin: number | undefined;
    const add = (more: number) => {
      acked += more;
      if (begin !== undefined && acked >= count) {
        resolve((acked / (performance.now() - begin)) * 1000);
      } else if (begin === undefined && acked >= warmUp) {
        begin = performance.now();
        acked = 0;
      }
    };
    for (const child of children) child.on('message', add).send('begin');
  });
}
