/** Opens one connection, once: the settings become amqplib's options. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { relative } from 'node:path';
import { type ChannelModel, connect } from 'amqplib';
import type { BrokerAddress } from './config.ts';

/** In seconds. A peer that is frozen is noticed within three heartbeats. */
const HEARTBEAT_S = 5;
/** How long the connection may take to open, in milliseconds: a silent peer would hold it for ever. */
const OPEN_TIMEOUT_MS = 5000;

/** Opens a connection, named after the program and its host, as the management UI shows it. */
export function openConnection(broker: BrokerAddress): Promise<ChannelModel> {
  const { caFile, vhost, ...address } = broker;
  return connect(
    // amqplib decodes the vhost of an object as it does the one of a URL.
    { ...address, vhost: encodeURIComponent(vhost), heartbeat: HEARTBEAT_S },
    {
      // Small messages leave at once, instead of waiting up to 40 ms for company.
      noDelay: true,
      timeout: OPEN_TIMEOUT_MS,
      clientProperties: { connection_name: `${programName()} on ${hostname()}` },
      ...(caFile ? { ca: readFileSync(caFile) } : {}),
    },
  );
}

/** The program as a lesson calls it: "producer/01-hello". */
function programName(): string {
  return relative(process.cwd(), process.argv[1] ?? '').replace(/\.ts$/, '');
}
