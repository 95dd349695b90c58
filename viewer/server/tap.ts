/** The firehose: a copy of each publish and each delivery, from `amq.rabbitmq.trace`. */
import { connect } from 'amqplib';
import { decode, type Raw, type Traced } from './decode.ts';
import { OWN, TRACE } from './management.ts';
import type { Settings } from './settings.ts';

/** The broker keeps so many for us at most; more are dropped, and counted as being behind. */
export const MOST_BEHIND = 5000;
const OPEN_TIMEOUT_MS = 5000;

export type Tap = {
  queue: string;
  /** Resolves when the connection is gone, with the reason. */
  closed: Promise<string>;
  bind(): Promise<void>;
  unbind(): Promise<void>;
  publish(message: Outgoing): Promise<void>;
  close(): Promise<void>;
};

export type Outgoing = {
  exchange: string;
  key: string;
  body: string;
  headers: Record<string, unknown>;
  properties: Record<string, unknown>;
};

export async function openTap(
  { amqpPort, vhost, user, password }: Settings,
  host: string,
  hear: (raw: Raw) => void,
): Promise<Tap> {
  const model = await connect(
    {
      protocol: 'amqp',
      hostname: host,
      port: amqpPort,
      username: user,
      password,
      vhost: encodeURIComponent(vhost),
      heartbeat: 5,
    },
    { noDelay: true, timeout: OPEN_TIMEOUT_MS, clientProperties: { connection_name: 'viewer' } },
  );
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  let error: Error | undefined;
  model.on('error', (why: Error) => {
    error = why;
  });
  model.on('close', () => resolve(error?.message ?? 'the connection was closed'));
  const listening = await model.createChannel();
  const { queue } = await listening.assertQueue('', {
    exclusive: true,
    maxLength: MOST_BEHIND,
    arguments: { [OWN]: true },
  });
  await listening.consume(queue, (message) => message && hear(decode(message as Traced, user)), {
    noAck: true,
  });
  const patterns = ['publish.#', 'deliver.#'];
  const unbind = async () => {
    for (const pattern of patterns) await listening.unbindQueue(queue, TRACE, pattern);
  };
  return {
    queue,
    closed,
    bind: async () => {
      // The deliveries first: what is then seen published is also seen delivered.
      for (const pattern of patterns.toReversed()) {
        await listening.bindQueue(queue, TRACE, pattern);
      }
    },
    unbind,
    // On a channel for this one message: a wrong exchange costs no other.
    publish: async ({ exchange, key, body, headers, properties }) => {
      const own = await model.createConfirmChannel();
      const failed = new Promise<never>((_, reject) => own.on('error', reject));
      own.publish(exchange, key, Buffer.from(body), { ...properties, headers, mandatory: true });
      await Promise.race([own.waitForConfirms(), failed]);
      await own.close();
    },
    close: async () => {
      // Not bound any more when this is done; the broker deletes the queue itself a moment later.
      await unbind().catch(() => {});
      await model.close().catch(() => {});
    },
  };
}
