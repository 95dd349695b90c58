/** The real broker, as the tests use it: a vhost of their own, programs, counters, containers. */
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { type ChannelModel, connect } from 'amqplib';
import { expect, vi } from 'vitest';

export const HOST = process.env.AMQP_HOST || 'broker';
/** The Compose project whose broker it is. */
const PROJECT = process.env.LAB_PROJECT ?? '';
const API = `http://${HOST}:15672/api`;
const GUEST = `Basic ${Buffer.from('guest:guest').toString('base64')}`;
export const VIEWER_PASSWORD = 'for these tests only';

export async function api(method: string, path: string, body?: unknown) {
  const response = await fetch(`${API}/${path}`, {
    method,
    headers: { authorization: GUEST, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return text ? JSON.parse(text) : undefined;
}

/** A vhost that is empty, with the viewer's user as viewer/start makes it. */
export class Vhost {
  readonly name = `view-${randomUUID().slice(0, 8)}`;
  readonly #programs: ChannelModel[] = [];

  static async create(): Promise<Vhost> {
    const vhost = new Vhost();
    await api('PUT', `vhosts/${vhost.name}`);
    await api('PUT', `permissions/${vhost.name}/guest`, ALL);
    await letViewerIn(vhost.name);
    return vhost;
  }

  async remove(): Promise<void> {
    // Not awaited: one that a test has cut off is not told that it is closed.
    for (const program of this.#programs) void closing(program);
    await api('DELETE', `vhosts/${this.name}`);
  }

  /** A program's connection, named as the lab's programs are. */
  async program(name: string, host = HOST): Promise<ChannelModel> {
    const model = await connect(
      { hostname: host, username: 'guest', password: 'guest', vhost: this.name },
      { noDelay: true, clientProperties: { connection_name: `${name} on test` } },
    );
    model.on('error', () => {}); // a test closes it by force
    this.#programs.push(model);
    return model;
  }

  async tracing(): Promise<boolean> {
    return (await api('GET', `vhosts/${this.name}`)).tracing;
  }

  /** How many messages the broker has delivered from a queue, by its own counter. */
  async delivered(queue: string): Promise<number> {
    const { message_stats: stats = {} } = await api('GET', `queues/${this.name}/${queue}`);
    return stats.deliver_get ?? 0;
  }
}

/** The viewer's user, as viewer/start makes it. */
export async function letViewerIn(vhost: string): Promise<void> {
  await api('PUT', 'users/viewer', { password: VIEWER_PASSWORD, tags: 'administrator' });
  const own = { ...ALL, configure: '^amq\\.gen-' };
  await api('PUT', `permissions/${encodeURIComponent(vhost)}/viewer`, own);
}

async function closing(program: ChannelModel): Promise<void> {
  await program.close().catch(() => {});
}

const ALL = { configure: '.*', write: '.*', read: '.*' };

/** Asks again until it is so, or the deadline is over. */
export const until = (check: () => Promise<void> | void, timeout = 15_000) =>
  vi.waitFor(check, { timeout, interval: 100 });

/** Restarts the broker's container, through the Docker API. */
export async function restartBroker(): Promise<void> {
  await docker('POST', `/containers/${await containerOf('broker')}/restart?t=20`);
  await until(async () => void (await api('GET', 'overview')), 60_000);
}

/** Ends a node at once, as a power cut does. Docker doesn't start it again. */
export async function kill(node: string): Promise<void> {
  await docker('POST', `/containers/${await containerOf(node)}/kill`);
}

/** Starts the nodes that were killed, and waits until all are one cluster again. */
export async function mend(...nodes: string[]): Promise<void> {
  for (const node of nodes) await docker('POST', `/containers/${await containerOf(node)}/start`);
  await until(async () => {
    const members: { running: boolean }[] = await api('GET', 'nodes');
    expect(members.map(({ running }) => running)).toEqual(nodes.map(() => true));
  }, 90_000);
}

async function containerOf(service: string): Promise<string> {
  const label = [`com.docker.compose.project=${PROJECT}`, `com.docker.compose.service=${service}`];
  const filters = encodeURIComponent(JSON.stringify({ label }));
  const containers: { Id: string }[] = JSON.parse(
    await docker('GET', `/containers/json?all=true&filters=${filters}`),
  );
  expect(containers, `the ${service} of ${PROJECT}`).toHaveLength(1);
  return containers[0]?.Id ?? '';
}

function docker(method: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: '/var/run/docker.sock', method, path }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    asked.on('error', reject).end();
  });
}
