// 07-request-reply, the side that asks: a client that wants Fibonacci numbers and waits for them.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettings } from '../broker/config.ts';
import { connect } from '../broker/connection.ts';
import { declare, QUEUE } from '../broker/topology/07-request-reply.ts';

const { number, timeoutMs, ownQueue } = readArguments();
const { publishCount, publishIntervalMs } = loadSettings();

// The answers come to this program alone. `amq.rabbitmq.reply-to` is no queue: to consume from it
// tells the broker to hand replies straight to this channel ("direct reply-to"). The other way is a
// queue of one's own, which the broker names and deletes when this connection ends.
let replyTo = 'amq.rabbitmq.reply-to';
const waiting = new Map<string, (result: string) => void>();

const broker = await connect(async (channel) => {
  await declare(channel);
  if (ownQueue) replyTo = (await channel.assertQueue('', { exclusive: true })).queue;
  // An answer says by its correlation id which request it belongs to. If nobody waits for that one,
  // you will see it ignored: it came too late, or it came twice.
  await channel.consume(
    replyTo,
    ({ content, properties }) => {
      const resolve = waiting.get(properties.correlationId);
      resolve?.(content.toString());
      const awaited = waiting.delete(properties.correlationId);
      if (!awaited) console.log(` [.] Ignored ${content}: nobody waits for it any more`);
    },
    { noAck: true },
  );
});

// A request says where the answer goes to and which request it is. It expires when the client gives
// up: a request that nobody waits for is not worth a server's time.
async function call(n: number): Promise<string | undefined> {
  const correlationId = randomUUID();
  const reply = Promise.withResolvers<string>();
  waiting.set(correlationId, reply.resolve);
  const properties = { replyTo, correlationId, expiration: timeoutMs };
  const sent = broker.publish('', QUEUE, Buffer.from(`${n}`), properties);
  const timeout = pause(timeoutMs, undefined, { ref: false });
  const result = await Promise.race([sent.then(() => reply.promise), timeout]);
  waiting.delete(correlationId);
  return result;
}

// One number if it was given. Otherwise these, again and again: the last takes the server 2.5 s,
// more than the client waits.
const numbers = number === undefined ? [6, 18, 30, 50] : [number];
const count = number === undefined ? publishCount : 1;
for (let asked = 0; asked < count; asked++) {
  if (asked > 0) await pause(publishIntervalMs);
  const n = numbers[asked % numbers.length] ?? 0;
  console.log(` [x] Requesting fib(${n})`);
  const result = await call(n);
  console.log(result ? ` [.] Got ${result}` : ` [.] No answer within ${timeoutMs} ms`);
  process.exitCode = result ? 0 : 1;
}
await broker.close();

function readArguments() {
  try {
    const ownQueue = { type: 'boolean', default: false } as const;
    const timeout = { type: 'string', default: '2000' } as const;
    const options = { 'reply-queue': ownQueue, 'timeout-ms': timeout };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const [n, ...more] = positionals;
    const fits = /^\d{1,3}$/.test(n ?? '0') && /^[1-9]\d{0,5}$/.test(values['timeout-ms']);
    if (!fits || more.length > 0) throw new Error('out of range');
    const number = n === undefined ? undefined : Number(n);
    return { number, timeoutMs: Number(values['timeout-ms']), ownQueue: values['reply-queue'] };
  } catch {
    console.error('Usage: [0..999] [--timeout-ms=1..999999] [--reply-queue], such as: 30');
    process.exit(2);
  }
}
