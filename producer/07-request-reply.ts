// 07-request-reply, the side that asks: a client that wants Fibonacci numbers and waits for them.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';

const { given, timeoutMs, ownQueue } = readArguments();

// Where requests wait for a server. `durable: false`: they would expire before a restart is over.
const settings = loadSettings();
const connection = await connect(settings);
const channel = await connection.createChannel();
await channel.assertQueue('rpc_queue', { durable: false });

// The answers come to this program alone. `amq.rabbitmq.reply-to` is no queue: to consume from it
// tells the broker to hand replies straight to this channel ("direct reply-to"). The other way is a
// queue of one's own, which the broker names and deletes when this connection ends.
const own = ownQueue && (await channel.assertQueue('', { exclusive: true }));
const replyTo = own ? own.queue : 'amq.rabbitmq.reply-to';

// An answer says by its correlation id which request it belongs to. If nobody waits for that one,
// you will see it ignored: it came too late, or it came twice.
type Request = { answer: (text: string) => void; ask?: () => Promise<void> };
const waiting = new Map<string, Request>();
await channel.consume(
  replyTo,
  ({ content, properties }) => {
    waiting.get(properties.correlationId)?.answer(content.toString());
    const awaited = waiting.delete(properties.correlationId);
    if (!awaited) console.log(` [.] Ignored ${content}: nobody waits for it any more`);
  },
  { noAck: true },
);

// The way back ends with the connection, and so does an answer on it. Whoever waits asks again.
channel.on('consuming', () => {
  for (const { ask } of waiting.values()) void ask?.();
});

// A request says where the answer goes to and which request it is. It expires when the client gives
// up: a request that nobody waits for is not worth a server's time.
async function call(n: number): Promise<string | undefined> {
  const correlationId = randomUUID();
  const properties = { replyTo, correlationId, expiration: timeoutMs };
  const ask = () => channel.publish('', 'rpc_queue', Buffer.from(`${n}`), properties);
  const { promise: result, resolve } = Promise.withResolvers<string>();
  const request: Request = { answer: resolve };
  waiting.set(correlationId, request);
  const answered = ask().then(() => {
    request.ask = ask; // not before: `publish` itself sends again what isn't confirmed
    return result;
  });
  const timeout = pause(timeoutMs, undefined, { ref: false });
  return Promise.race([answered, timeout]).finally(() => waiting.delete(correlationId));
}

// One number if it was given. Otherwise these, again and again: the last takes the server 2.5 s,
// more than the client waits.
const numbers = given.length > 0 ? given : [6, 18, 30, 50];
const count = given.length > 0 ? 1 : settings.publishCount;
for (let asked = 0; asked < count; asked++) {
  if (asked > 0) await pause(settings.publishIntervalMs);
  const n = numbers[asked % numbers.length] ?? 0;
  console.log(` [x] Requesting fib(${n})`);
  const result = await call(n);
  console.log(result ? ` [.] Got ${result}` : ` [.] No answer within ${timeoutMs} ms`);
  process.exitCode = result ? 0 : 1;
}
await connection.close();

function readArguments() {
  const options = { 'reply-queue': { type: 'boolean' }, 'timeout-ms': { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const { 'timeout-ms': timeout = '2000', 'reply-queue': ownQueue } = values;
    const [n = '0', ...more] = positionals;
    const fits = /^\d{1,3}$/.test(n) && /^[1-9]\d{0,5}$/.test(timeout) && more.length === 0;
    if (!fits) throw new Error('out of range');
    return { given: positionals.map(Number), timeoutMs: Number(timeout), ownQueue };
  } catch {
    console.error('Usage: [0..999] [--timeout-ms=1..999999] [--reply-queue], such as: 30');
    process.exit(2);
  }
}
