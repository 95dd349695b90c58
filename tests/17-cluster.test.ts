/** Lesson 17-cluster: the real programs on three real nodes, which are killed. Run by its name. */
import { beforeEach, expect, vi } from 'vitest';
import { callApi, type Vhost } from './broker.ts';
import { containersOf } from './containers/docker.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/17-cluster.ts';
const CONSUMER = 'consumer/17-cluster.ts';
const NODES = ['broker', 'broker-2', 'broker-3'];
const THREE_ADDRESSES = { AMQP_HOST: NODES.join(',') };

/** How long a killed node may take to start and to be back in the cluster, in milliseconds. */
const RETURN_MS = 90_000;

interface Node {
  running: boolean;
}

interface QuorumQueue {
  leader: string;
  members: string[];
  online: string[];
}

async function orders(vhost: Vhost): Promise<QuorumQueue> {
  const path = `/api/queues/${encodeURIComponent(vhost.name)}/orders`;
  return (await callApi('GET', path)) as QuorumQueue;
}

async function container(node: string) {
  const [found] = await containersOf(node);
  if (!found) throw new Error(`the lab has no container of ${node}`);
  return found;
}

async function kill(...nodes: string[]): Promise<void> {
  for (const node of nodes) await (await container(node)).kill();
}

async function start(...nodes: string[]): Promise<void> {
  for (const node of nodes) await (await container(node)).start();
}

/** Starts what was killed, and waits until the three are one cluster again. */
async function mend(): Promise<void> {
  await start(...NODES);
  const look = async () => {
    const nodes = (await callApi('GET', '/api/nodes')) as Node[];
    expect(nodes.map(({ running }) => running)).toEqual([true, true, true]);
  };
  await vi.waitFor(look, { timeout: RETURN_MS, interval: 250 });
}

beforeEach(async () => {
  await mend();
  return mend;
});

test('the queue has a leader, and a copy on each of the three nodes', async ({
  vhost,
  start: run,
}) => {
  const producer = run(PRODUCER, { ...THREE_ADDRESSES, PUBLISH_COUNT: '150' });
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([' [x] Confirmed 100 orders', ' [x] Confirmed 150 orders']);
  const { leader, members } = await orders(vhost);
  expect(members.toSorted()).toEqual(NODES.map((node) => `rabbit@${node}`));
  expect(members).toContain(leader);
});

test('nothing that was confirmed is lost when the leader is killed, and both programs go on', async ({
  vhost,
  start: run,
}) => {
  const consumer = run(CONSUMER, THREE_ADDRESSES);
  await consumer.waitForLine(/Waiting/);
  const settings = { PUBLISH_COUNT: '10000', PUBLISH_INTERVAL_MS: '10' };
  const producer = run(PRODUCER, { ...THREE_ADDRESSES, ...settings });
  await producer.waitForLine(/Confirmed 500 /);
  const leader = (await orders(vhost)).leader.replace('rabbit@', '');
  expect(producer.all(/Confirmed 10000/)).toEqual([]);
  await kill(leader);
  expect(await producer.end()).toBe(0);
  // Late is not lost: what the dead node had handed out is delivered again. RabbitMQ 4.3 waits a
  // minute for that, or until the node is back.
  await start(leader);
  await consumer.waitForLine(/Ledger: 10000 confirmed, 10000 received, 0 lost/);
  // Both had tried the first address first, and the leader was there.
  if (leader === 'broker') {
    for (const program of [producer, consumer]) {
      expect(program.lines.join('\n')).toMatch(/Lost broker:5672(.|\n)*Connected to broker-[23]:/);
    }
  }
});

test('without most of the nodes nothing is confirmed; when they are back it goes on, and nothing is lost', async ({
  vhost,
  start: run,
}) => {
  const consumer = run(CONSUMER, THREE_ADDRESSES);
  await consumer.waitForLine(/Waiting/);
  const settings = { PUBLISH_COUNT: '3000', PUBLISH_INTERVAL_MS: '100' };
  const producer = run(PRODUCER, { ...THREE_ADDRESSES, ...settings });
  await producer.waitForLine(/Confirmed 300 /);
  await kill('broker-2', 'broker-3');
  const look = async () => expect((await orders(vhost)).online).toEqual(['rabbit@broker']);
  await vi.waitFor(look, { timeout: 30_000, interval: 250 });
  expect(producer.status).toBeUndefined();
  const before = producer.all(/Confirmed/).length;
  await start('broker-2');
  expect(await producer.end()).toBe(0);
  expect(producer.all(/Confirmed/).length).toBeGreaterThan(before);
  // Late is not lost: an order that a dead node had handed out is delivered again.
  await consumer.waitForLine(/Ledger: 3000 confirmed, 3000 received, 0 lost/);
});

// A queue that is full refuses with the same nack as one that has lost most of its nodes.
test('orders that the broker refuses are sent again on a new channel until they are confirmed', async ({
  vhost,
  start: run,
}) => {
  const policy = `/api/policies/${encodeURIComponent(vhost.name)}/full`;
  const definition = { 'max-length': 250, overflow: 'reject-publish' };
  await callApi('PUT', policy, { pattern: '^orders$', definition, 'apply-to': 'queues' });
  const settings = { PUBLISH_COUNT: '500', PUBLISH_INTERVAL_MS: '0' };
  const producer = run(PRODUCER, { ...THREE_ADDRESSES, ...settings });
  await producer.waitForLine(/^ \[!\] \d+ orders were refused\. Sending them again\.$/);
  await callApi('DELETE', policy);
  expect(await producer.end()).toBe(0);
  expect(producer.lines.at(-1)).toBe(' [x] Confirmed 500 orders');
  expect(producer.all(/channel|Lost/)).toEqual([]);
  const consumer = run(CONSUMER, THREE_ADDRESSES);
  await consumer.waitForLine(/Ledger: 500 confirmed, 500 received, 0 lost/);
});

test('the ledger shows a loss where there is one', async ({ vhost, start: run }) => {
  const consumer = run(CONSUMER, THREE_ADDRESSES);
  await consumer.waitForLine(/Waiting/);
  const channel = await (await vhost.client()).createConfirmChannel();
  const send = (text: string, confirmed: number) =>
    channel.sendToQueue('orders', Buffer.from(text), {
      headers: { 'run-id': 'of this test', 'confirmed-so-far': confirmed },
    });
  for (const text of ['Order 1', 'Order 2', 'Order 2', 'Order 4']) send(text, 0);
  send('That is all', 4);
  await channel.waitForConfirms();
  expect(await consumer.waitForLine(/Ledger/)).toBe(
    ' [x] Ledger: 4 confirmed, 3 received, 1 lost, 1 duplicated',
  );
});
