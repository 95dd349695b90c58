/** A message of the firehose, as the model has it. */
import { createHash } from 'node:crypto';
import type { Death, Msg, Peer, Seen } from '../model/events.ts';

/** What amqplib hands over. */
export type Traced = {
  fields: { routingKey: string };
  properties: { headers?: Record<string, unknown> };
  content: Buffer;
};

export type Raw = Extract<Seen, { k: 'publish' | 'deliver' }>;

const MOST_BODY = 64 * 1024;
const MOST_PROPERTIES = 16 * 1024;

/** `viewer` is the user that the viewers' pages publish as. */
export function decode({ fields, properties, content }: Traced, viewer: string): Raw {
  const traced = plain(properties.headers ?? {}) as Record<string, unknown>;
  const exchange = String(traced.exchange_name ?? '');
  const keys = (traced.routing_keys as unknown[] | undefined)?.map(String) ?? [];
  const peer: Peer = {
    node: String(traced.node ?? ''),
    connection: String(traced.connection ?? ''),
    channel: Number(traced.channel ?? 0),
    ...(traced.user === viewer ? { viewer: true } : {}),
  };
  const msg = messageOf((traced.properties ?? {}) as Record<string, unknown>, content);
  if (fields.routingKey.startsWith('publish.')) {
    const routed = (traced.routed_queues as unknown[] | undefined)?.map(String) ?? [];
    return { k: 'publish', msg, exchange, keys, routed, from: peer };
  }
  const queue = fields.routingKey.slice('deliver.'.length);
  const again = Number(traced.redelivered) === 1 || traced.redelivered === true;
  return { k: 'deliver', msg, exchange, keys, queue, again, to: peer };
}

function messageOf({ headers = {}, ...given }: Record<string, unknown>, content: Buffer): Msg {
  const id = given.message_id;
  const all = headers as Record<string, unknown>;
  return {
    id: typeof id === 'string' && id ? id : hash(given, content),
    by: typeof id === 'string' && id ? 'messageId' : 'hash',
    properties: bounded(given),
    headers: bounded(all),
    deaths: deathsIn(all['x-death']),
    base64: content.subarray(0, MOST_BODY).toString('base64'),
    bytes: content.length,
  };
}

/** The headers are left out: the broker adds to them when a message dies. */
function hash(properties: Record<string, unknown>, content: Buffer): string {
  const { expiration: _, ...lasting } = properties; // dead-lettering takes it away
  return createHash('sha256')
    .update(JSON.stringify(lasting))
    .update(content)
    .digest('base64url')
    .slice(0, 16);
}

function bounded(properties: Record<string, unknown>): Record<string, unknown> {
  const bytes = JSON.stringify(properties).length;
  return bytes <= MOST_PROPERTIES ? properties : { '(too large to show)': `${bytes} bytes` };
}

function deathsIn(header: unknown): Death[] {
  if (!Array.isArray(header)) return [];
  return header.slice(0, 20).map((death: Record<string, unknown>) => ({
    queue: String(death.queue),
    reason: String(death.reason),
    exchange: String(death.exchange),
    count: Number(death.count),
  }));
}

/** amqplib's values as JSON has them: `{ '!': 'timestamp', value }` is a date, bytes are text. */
function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if ('!' in value && 'value' in value) {
    const inner = plain(value.value);
    return value['!'] === 'timestamp' ? new Date(1000 * Number(inner)).toISOString() : inner;
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
