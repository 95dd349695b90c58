/** Lesson 07-request-reply: the real client and the real server, as processes. */
import type { ConsumeMessage } from 'amqplib';
import { expect, vi } from 'vitest';
import type { Vhost } from './broker.ts';
import { test } from './lab.ts';
import type { Program } from './program.ts';

const CLIENT = 'producer/07-request-reply.ts';
const SERVER = 'consumer/07-request-reply.ts';
const QUEUE = 'rpc_queue';

/** Longer than it takes on the slowest of machines. */
const PATIENT = '--timeout-ms=15000';

/** A server of a test's own that knows no numbers: it replies what and when the test wants. */
async function openServer(vhost: Vhost) {
  const channel = await (await vhost.client()).createChannel();
  await channel.assertQueue(QUEUE, { durable: false }); // as the tutorials' programs do
  const requests: ConsumeMessage[] = [];
  await channel.consume(QUEUE, (request) => void (request && requests.push(request)));
  return {
    async request(nth: number): Promise<ConsumeMessage> {
      return vi.waitUntil(() => requests[nth - 1], { timeout: 15_000, interval: 10 });
    },
    reply(request: ConsumeMessage, text: string, correlationId?: string): void {
      const properties = { correlationId: correlationId ?? request.properties.correlationId };
      channel.sendToQueue(request.properties.replyTo, Buffer.from(text), properties);
    },
  };
}

test.for([
  ['direct reply-to', []],
  ['a queue of its own', ['--reply-queue']],
] as const)(
  'a client gets its answer by %s, in the words of the tutorials',
  async ([, options], { start }) => {
    const server = start(SERVER);
    await server.waitForLine(/Awaiting/);
    const client = start(CLIENT, {}, ['10', PATIENT, ...options]);
    expect(await client.end()).toBe(0);
    expect(client.lines).toEqual([' [x] Requesting fib(10)', ' [.] Got 55']);
    expect(server.lines).toEqual([' [x] Awaiting RPC requests', ' [.] fib(10)']);
  },
);

test('a request waits for a server that starts later', async ({ start, vhost }) => {
  const client = start(CLIENT, {}, ['2', PATIENT]);
  await client.waitForLine(/Requesting/);
  await vi.waitUntil(
    async () => {
      await vhost.declare(QUEUE); // not durable, or the broker would refuse
      return (await vhost.queue(QUEUE)).ready === 1;
    },
    { timeout: 5000 },
  );
  start(SERVER);
  await client.waitForLine(/Got 1$/);
});

test('direct reply-to is an address of this client; the other is an exclusive queue', async ({
  start,
  vhost,
}) => {
  const server = await openServer(vhost);
  start(CLIENT, {}, ['5', PATIENT]);
  const direct = (await server.request(1)).properties.replyTo;
  expect(direct).toMatch(/^amq\.rabbitmq\.reply-to\./);
  start(CLIENT, {}, ['5', PATIENT, '--reply-queue']);
  const own = (await server.request(2)).properties.replyTo;
  expect(own).toMatch(/^amq\.gen-/);
  await expect(vhost.queue(own)).rejects.toThrow(/405 .*RESOURCE.LOCKED/);
});

test('a client gives up when nobody answers, and its request is not kept', async ({
  start,
  vhost,
}) => {
  const client = start(CLIENT, {}, ['5', '--timeout-ms=300']);
  expect(await client.end()).toBe(1);
  expect(client.lines).toEqual([' [x] Requesting fib(5)', ' [.] No answer within 300 ms']);
  const empty = async () => (await vhost.queue(QUEUE)).ready === 0;
  await vi.waitUntil(empty, { timeout: 5000 });
});

test('a reply that comes too late is ignored, and so is one to another request', async ({
  start,
  vhost,
}) => {
  const server = await openServer(vhost);
  const client = start(CLIENT, { PUBLISH_INTERVAL_MS: '0' }, ['--timeout-ms=3000']);
  const first = await server.request(1);
  await client.waitForLine(/No answer/);
  server.reply(first, 'too late');
  await client.waitForLine(/Ignored too late: nobody waits for it any more/);

  const second = await server.request(2);
  server.reply(second, 'of another', 'no such id');
  server.reply(second, 'the right one');
  server.reply(second, 'twice');
  await client.waitForLine(/Ignored twice/);
  await client.waitForLine(/Got the right one/);
  expect(client.all(/of another|right one|twice/).toSorted()).toEqual([
    ' [.] Got the right one',
    ' [.] Ignored of another: nobody waits for it any more',
    ' [.] Ignored twice: nobody waits for it any more',
  ]);
});

test('another server takes the request over when one dies in the middle of it', async ({
  start,
}) => {
  const servers = [start(SERVER), start(SERVER)];
  for (const server of servers) await server.waitForLine(/Awaiting/);
  const client = start(CLIENT, {}, ['20', PATIENT]);
  const takes = (server: Program) => server.waitForLine(/fib\(20\)/).then(() => server);
  const first = await Promise.any(servers.map(takes));
  await first.stop('SIGKILL');
  await Promise.all(servers.map(takes)); // the other one too
  await client.waitForLine(/Got 6765$/);
});

test('a server that is stopped answers the request in hand before it ends', async ({ start }) => {
  const server = start(SERVER);
  const client = start(CLIENT, {}, ['12', PATIENT]);
  await server.waitForLine(/fib\(12\)/);
  expect(await server.stop()).toBe(0);
  await client.waitForLine(/Got 144$/);
});

test.for([
  ['direct reply-to', []],
  ['a queue of its own', ['--reply-queue']],
] as const)(
  'a client with %s that loses the connection asks again, since its way back is gone',
  async ([, options], { proxy, start, vhost }) => {
    const server = await openServer(vhost);
    const client = start(CLIENT, proxy.env, ['5', PATIENT, ...options]);
    const first = await server.request(1);
    proxy.reset();
    const second = await server.request(2);
    expect(second.properties.correlationId).toBe(first.properties.correlationId);
    expect(second.properties.replyTo).not.toBe(first.properties.replyTo);
    server.reply(first, 'lost');
    server.reply(second, 'the answer');
    expect(await client.end()).toBe(0);
    expect(client.lines).toEqual([
      ' [x] Requesting fib(5)',
      expect.stringMatching(/^ \[!\] Lost /),
      expect.stringMatching(/^ \[!\] Connected to /),
      ' [!] Consuming again.',
      ' [.] Got the answer',
    ]);
  },
);

test.for([
  ['direct reply-to', []],
  ['a queue of its own', ['--reply-queue']],
] as const)(
  'a request by %s whose confirm was lost with the connection is answered all the same',
  async ([, options], { proxy, start, vhost }) => {
    const server = await openServer(vhost);
    proxy.watch('basic.ack', () => 'reset', 1);
    const client = start(CLIENT, proxy.env, ['5', PATIENT, ...options]);
    server.reply(await server.request(2), 'the answer');
    await client.waitForLine(/Got the answer/);
    expect(await client.end()).toBe(0);
  },
);

test('a server that loses the connection in the middle of a request answers it, and does it again', async ({
  proxy,
  start,
}) => {
  const server = start(SERVER, proxy.env);
  await server.waitForLine(/Awaiting/);
  const client = start(CLIENT, {}, ['40', PATIENT]);
  await server.waitForLine(/fib\(40\)/);
  proxy.reset();
  await client.waitForLine(/Got 102334155/);
  await server.waitForLine(/fib\(40\)/, 2);
  expect(server.lines).toEqual([
    ' [x] Awaiting RPC requests',
    ' [.] fib(40)',
    expect.stringMatching(/^ \[!\] Lost /),
    expect.stringMatching(/^ \[!\] Connected to /),
    expect.stringMatching(/^ \[!\] The channel was lost before the ack\./),
    ' [!] Consuming again.',
    ' [.] fib(40)',
  ]);
});

test('two servers share two requests', async ({ start }) => {
  const servers = [start(SERVER), start(SERVER)];
  for (const server of servers) await server.waitForLine(/Awaiting/);
  const clients = [start(CLIENT, {}, ['10', PATIENT]), start(CLIENT, {}, ['10', PATIENT])];
  for (const client of clients) await client.waitForLine(/Got 55/);
  for (const server of servers) await server.waitForLine(/fib\(10\)/);
});

test('a server answers nonsense with a sentence, and goes on', async ({ start, vhost }) => {
  const server = start(SERVER);
  await server.waitForLine(/Awaiting/);
  const channel = await (await vhost.client()).createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  channel.sendToQueue(QUEUE, Buffer.from('many'), { replyTo: queue });
  channel.sendToQueue(QUEUE, Buffer.from('1')); // and nowhere to reply to
  await server.waitForLine(/fib\(1\)/);
  const reply = await channel.get(queue, { noAck: true });
  expect(reply ? reply.content.toString() : 'nothing').toBe('fib needs a number from 0 to 999');
});

test.for(['x', '1000', '5 6', '5 --timeout-ms=0', '--queue'])(
  'a client given "%s" says how it is used',
  async (words, { misuse }) => {
    expect(await misuse(CLIENT, words.split(' '))).toEqual([
      expect.stringMatching(/^Usage: \[0\.\.999\].* such as: 30$/),
    ]);
  },
);

test('a server given a number says whom to give it to', async ({ misuse }) => {
  expect(await misuse(SERVER, ['30'])).toEqual([
    expect.stringMatching(/^Usage: .* the producer, such as: 30$/),
  ]);
});
