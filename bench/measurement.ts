/** What one measurement is, and what it gives. Both go from process to process as JSON. */

/** In the order of the tables. The first is the one that the others are compared with. */
export const CLIENTS = ['amqplib', 'lab', 'rabbitmq-client', 'cloudamqp', 'pika'] as const;
export type ClientName = (typeof CLIENTS)[number];

export interface Measurement {
  /** `publish`: with up to `window` messages unconfirmed. `latency`: at 500 messages a second. */
  workload: 'publish' | 'consume' | 'latency';
  /** How many messages go first, and are not counted. */
  warmUp: number;
  count: number;
  /** Of one message, in bytes. */
  size: number;
  persistent: boolean;
  /** How many messages may be unconfirmed; `null` means all of them. */
  window: number | null;
  prefetch: number;
  queueType: 'classic' | 'quorum' | 'stream';
  /** How many processes consume together; 0: one, whose own cost is measured too. */
  consumers: number;
  /** How long a consumer waits for something else before it acks, in milliseconds. */
  waitMs: number;
}

/** What the process of one measurement prints. */
export interface Result {
  /** A second. */
  messages: number;
  /** Of the client's process for one message, in microseconds. */
  cpu: number;
  /** By how much the process grew from its connection to its peak, in MB. */
  rss: number;
  /** From the publish to the delivery, in milliseconds; of `latency` alone. */
  p50?: number;
  p99?: number;
}

/** What the measuring process is told. */
export interface Task extends Measurement {
  client: ClientName;
  host: string;
  queue: string;
}
