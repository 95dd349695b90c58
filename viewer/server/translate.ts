/** What the management API and the metrics answer, in the words of the model. */
import type { TotalName, Totals } from '../model/events.ts';

// biome-ignore lint/suspicious/noExplicitAny: another program's answer
export type Json = any;

export const NAMES: TotalName[] = [
  'received',
  'delivered',
  'returned',
  'dropped',
  'rejected',
  'expired',
  'maxlen',
  'delivery_limit',
];
const METRIC = /^rabbitmq_global_(\w+)\{(.*)\} (\S+)$/gm;
const METRICS: Record<string, TotalName> = {
  messages_received_total: 'received',
  messages_delivered_total: 'delivered',
  messages_unroutable_returned_total: 'returned',
  messages_unroutable_dropped_total: 'dropped',
  messages_dead_lettered_rejected_total: 'rejected',
  messages_dead_lettered_expired_total: 'expired',
  messages_dead_lettered_maxlen_total: 'maxlen',
  messages_dead_lettered_delivery_limit_total: 'delivery_limit',
};

/**
 * The lines "rabbitmq_global_NAME{...} 12", all labels of a name together. Without a dead letter
 * exchange (`disabled`) a message is gone, and no dead letter.
 */
export function totalsIn(metrics: string): Totals {
  const totals = Object.fromEntries(NAMES.map((name) => [name, 0])) as Totals;
  for (const [, name = '', labels = '', value] of metrics.matchAll(METRIC)) {
    const known = METRICS[name];
    if (known && !labels.includes('strategy="disabled"')) totals[known] += Number(value);
  }
  return totals;
}

export function exchange({ name, type, arguments: args = {} }: Json) {
  const alternate = args['alternate-exchange'];
  return { name, type, ...(alternate ? { alternate } : {}) };
}

export function queue(one: Json) {
  const args = one.arguments ?? {};
  const policy = one.effective_policy_definition ?? {};
  const setting = (name: string) => args[`x-${name}`] ?? policy[name];
  const settings = {
    ttl: setting('message-ttl'),
    maxLength: setting('max-length'),
    overflow: setting('overflow'),
    dlx: setting('dead-letter-exchange'),
    dlk: setting('dead-letter-routing-key'),
  };
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return {
    name: one.name,
    type: one.type ?? 'classic',
    exclusive: one.exclusive ?? false,
    durable: one.durable ?? false,
    ...(one.leader || one.node ? { node: one.leader || one.node } : {}),
    ...Object.fromEntries(given),
  };
}

export function binding(one: Json) {
  return {
    source: one.source,
    destination: one.destination,
    to: one.destination_type,
    key: one.routing_key,
    args: one.arguments ?? {},
  };
}

export function consumer(one: Json) {
  const { connection_name, number } = one.channel_details;
  const offset = one.arguments?.['x-stream-offset'];
  return {
    queue: one.queue.name,
    tag: one.consumer_tag,
    connection: connection_name,
    channel: number,
    ack: one.ack_required,
    prefetch: one.prefetch_count,
    ...(offset === undefined ? {} : { offset: String(offset) }),
  };
}
