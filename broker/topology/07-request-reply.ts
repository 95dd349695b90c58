import type { LabChannel } from '../channel.ts';

/** Where the requests wait for a server, under the tutorials' name. */
export const QUEUE = 'rpc_queue';

/**
 * What both sides assert. The answers' way back is not declared here: each client has its own.
 * `durable: false`: whoever asked has given up long before the broker is back from a restart.
 */
export async function declare(channel: LabChannel): Promise<void> {
  await channel.assertQueue(QUEUE, { durable: false });
}
