import type { Channel } from '../client/channel.ts';

/** A classic queue: it redelivers a message that fails as often as it fails. */
export const CLASSIC = 'parcels.classic';

/** A quorum queue for the same parcels: it counts the deliveries, and gives up at a limit. */
export const QUORUM = 'parcels.quorum';

/** Where the quorum queue puts what it gave up: for a person to look at. */
export const FAILED = 'parcels.failed';

/**
 * How often a parcel may come back to the quorum queue; when it comes back once more, it is
 * dead-lettered. Without this argument: no limit before RabbitMQ 4.0, then 20.
 */
export const DELIVERY_LIMIT = 3;

/** What both sides assert. A quorum queue is always durable; the broker refuses anything else. */
export async function declare(channel: Channel): Promise<void> {
  await channel.assertQueue(FAILED, { durable: true });
  await channel.assertQueue(CLASSIC, { durable: true });
  await channel.assertQueue(QUORUM, {
    durable: true,
    deadLetterExchange: '', // the default exchange: the key is the name of the queue
    deadLetterRoutingKey: FAILED,
    arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': DELIVERY_LIMIT },
  });
}

/** Four ways to keep a message, to be filled before the broker is killed. */
export const STORES = [
  { queue: 'store.transient-queue', type: 'classic', durable: false, persistent: true },
  { queue: 'store.transient-messages', type: 'classic', durable: true, persistent: false },
  { queue: 'store.persistent-messages', type: 'classic', durable: true, persistent: true },
  // A quorum queue writes every message to the disk, whatever the message says of itself.
  { queue: 'store.quorum', type: 'quorum', durable: true, persistent: false },
];

/** Declares the queues of {@link STORES}; only the filling needs them. */
export async function declareStores(channel: Channel): Promise<void> {
  for (const { queue, type, durable } of STORES) {
    await channel.assertQueue(queue, { durable, arguments: { 'x-queue-type': type } });
  }
}
