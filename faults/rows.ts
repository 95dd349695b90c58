/** The rows of the table: ways to send a message and to receive it. Each has a queue of its own. */
import type { Channel } from '../broker/client/channel.ts';

export interface Row {
  /** The name of its queue, and of its journals. */
  name: string;
  /** As the table says it. */
  title: string;
  queue: 'classic' | 'quorum' | 'stream';
  persistent: boolean;
  /**
   * `confirmed`: sent until the broker has confirmed it. `unconfirmed`: taken for acknowledged as soon
   * as the library has taken it, since the program asks no further.
   */
  publisher: 'confirmed' | 'unconfirmed';
  /** `once`: acknowledged by hand, and what was received already is left out, told by its messageId. */
  consumer: 'manual' | 'automatic' | 'once';
  /**
   * What is expected of it. `keeps`: nothing is lost but by a fault that takes messages itself. `loses`: a control, there to
   * lose when the broker is killed, for a checker that saw no loss here would see none anywhere.
   */
  promise: 'keeps' | 'loses' | 'nothing';
}

const KEPT = {
  queue: 'classic',
  persistent: true,
  publisher: 'confirmed',
  consumer: 'manual',
  promise: 'keeps',
} as const;

/** In the order of the table. */
export const ROWS: Row[] = [
  {
    ...KEPT,
    name: 'transient',
    title: 'transient, confirmed',
    persistent: false,
    promise: 'loses',
  },
  {
    ...KEPT,
    name: 'unconfirmed',
    title: 'persistent, no confirms',
    publisher: 'unconfirmed',
    promise: 'loses',
  },
  { ...KEPT, name: 'classic', title: 'persistent, confirmed and resent' },
  { ...KEPT, name: 'quorum', title: 'quorum queue, confirmed and resent', queue: 'quorum' },
  // Its reader begins at the first message each time. An offset kept elsewhere may be ahead of what a
  // power cut has left of the stream, and then skips what is published next.
  {
    ...KEPT,
    name: 'stream',
    title: 'stream, confirmed and resent',
    queue: 'stream',
    consumer: 'once',
  },
  {
    ...KEPT,
    name: 'automatic',
    title: 'as persistent, consumer with auto-ack',
    consumer: 'automatic',
    promise: 'nothing',
  },
  {
    ...KEPT,
    name: 'once',
    title: 'as persistent, consumer that deduplicates',
    consumer: 'once',
  },
];

/** The rows of these names, with commas between them; `all` means each. */
export function findRows(names: string): Row[] {
  if (names === 'all') return ROWS;
  return names.split(',').map((name) => {
    const row = ROWS.find((row) => row.name === name);
    if (!row) throw new Error(`"${name}" is no row: ${ROWS.map((row) => row.name).join(', ')}.`);
    return row;
  });
}

/** All messages go through this exchange, each to the queue of its row. */
export const EXCHANGE = 'faults';

/** What both sides declare. */
export async function declare(channel: Channel, { name, queue }: Row): Promise<void> {
  await channel.assertExchange(EXCHANGE, 'direct', { durable: true });
  await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': queue } });
  await channel.bindQueue(name, EXCHANGE, name);
}
