/** A channel for the experiment itself. */
import type { Channel } from '../broker/client/channel.ts';
import { readSettings } from '../broker/client/config.ts';
import { Connection } from '../broker/client/connection.ts';

/** Opens a channel to the broker, past what stands at the entrance, and closes all after `work`. */
export async function withChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = new Connection(readSettings({ AMQP_HOST: 'broker' }).brokers);
  try {
    return await work(await connection.createChannel());
  } finally {
    await connection.close();
  }
}
