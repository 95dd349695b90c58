import type { Channel } from '../client/channel.ts';

/** Takes documents and looks at their headers; it ignores the routing key. */
export const EXCHANGE = 'documents';

/** The two queues, and which documents they ask for. The names say what `x-match` makes of it. */
export const BINDINGS = {
  'pdf-and-report': { 'x-match': 'all', format: 'pdf', type: 'report' },
  'pdf-or-report': { 'x-match': 'any', format: 'pdf', type: 'report' },
};

/**
 * What both sides assert: a headers exchange and two queues bound to it. The conditions are the
 * binding's arguments, the last parameter of `bindQueue`; its routing key stays empty.
 */
export async function declare(channel: Channel): Promise<void> {
  await channel.assertExchange(EXCHANGE, 'headers', { durable: true });
  for (const [queue, conditions] of Object.entries(BINDINGS)) {
    await channel.assertQueue(queue, { durable: true });
    await channel.bindQueue(queue, EXCHANGE, '', conditions);
  }
}
