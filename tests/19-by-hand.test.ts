/** Lesson 19-by-hand: programs that know nothing of the lab, and what their page says of the others. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { describe, expect, vi } from 'vitest';
import type { BrokerAddress } from '../broker/client/config.ts';
import { callApi } from './broker.ts';
import { test } from './lab.ts';

const SENT = " [x] Sent 'Hello World!'";
const WAITING = ' [*] Waiting for messages. To exit press CTRL+C';
const RECEIVED = { js: " [x] Received 'Hello World!'", py: " [x] Received b'Hello World!'" };

/**
 * The programs go to localhost:5672 and to its vhost "/", whatever the settings.
 *
 * @returns what ends it
 */
async function bringBrokerToLocalhost({ hostname, port }: BrokerAddress): Promise<() => void> {
  if (hostname === 'localhost' && port === 5672) return () => {};
  const server = createServer((client) => {
    const broker = connect(port, hostname);
    client.pipe(broker).pipe(client);
    for (const socket of [client, broker]) socket.on('error', () => {}); // a program was ended
  });
  await once(server.listen(5672, 'localhost'), 'listening');
  return () => void server.close();
}

/** It may not be there; then the answer is 404. */
const deleteQueue = async () => {
  await callApi('DELETE', '/api/queues/%2F/hello').catch(() => {});
};

/** pika doesn't take a signal well while its callback is at work: it has to have acknowledged. */
const isAcknowledged = async () => {
  const path = '/api/queues/%2F?disable_stats=true&enable_queue_totals=true';
  const acknowledged = expect.objectContaining({ name: 'hello', messages: 0 });
  expect(await callApi('GET', path)).toContainEqual(acknowledged);
};

test('a message crosses between the two languages, in each direction', async ({
  onTestFinished,
  run,
  vhost,
}) => {
  onTestFinished(await bringBrokerToLocalhost(vhost.address));
  onTestFinished(deleteQueue);
  for (const from of ['py', 'js'] as const) {
    for (const to of ['py', 'js'] as const) {
      await deleteQueue();
      const producer = run(`producer/19-by-hand.${from}`, {}, []);
      expect(await producer.end()).toBe(0);
      expect(producer.lines).toEqual([SENT]);
      const consumer = run(`consumer/19-by-hand.${to}`, {}, []);
      await consumer.waitForLine(/Received/);
      await vi.waitFor(isAcknowledged, { timeout: 30_000 });
      await consumer.stop('SIGINT');
      expect(consumer.lines).toEqual([WAITING, RECEIVED[to]]);
    }
  }
});

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const PAGE = read('lessons/19-by-hand.md');

/** What stands in the blocks that are run of a page, `lesson.md`, or of one part of it, `lesson.md#part`. */
function runOn(place: string): string {
  const [page = '', anchor] = place.split('#');
  const parts = read(`lessons/${page}`).split(/^## /m);
  const text = parts.filter((part) => !anchor || anchorOf(part) === anchor).join('');
  return [...text.matchAll(/^```console.*\n([\s\S]*?)^```$/gm)].map(([block]) => block).join('');
}

/** What GitHub makes of the heading with which a part begins. */
function anchorOf(part: string): string {
  const [heading = ''] = part.split('\n');
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

describe('its page', () => {
  const answers = /\[([\w-]+\.ts)\]\(\.\.\/broker\/client\/\1\), `(#?\w+)`/g;
  const named = [...PAGE.matchAll(answers)].map(([, file = '', name = '']) => [file, name]);

  test('names what answers each of the losses', () => {
    expect(named.length).toBeGreaterThanOrEqual(5);
  });

  test.for(named)('names in broker/client/%s a function that is there: %s', ([file, name]) => {
    expect(read(`broker/client/${file}`)).toMatch(new RegExp(`^  (async )?${name}\\(`, 'm'));
  });

  const table = PAGE.slice(PAGE.indexOf('| in the notes |'));
  const rows = [...table.matchAll(/^\| `(.*?)` \| \[.*?\]\((.*?)\) \|$/gm)].map(
    ([, words = '', place = '']) =>
      [words.replaceAll('\\|', '|'), place.replace(/^#/, '19-by-hand.md#')] as const,
  );

  test('has a row for each command and call of the notes', () => {
    expect(rows.length).toBe(table.match(/^\| `/gm)?.length);
    expect(rows.length).toBeGreaterThan(30);
  });

  test.for(rows)('says truly that `%s` is run in %s', ([words, place]) => {
    expect(runOn(place)).toContain(words);
  });
});
