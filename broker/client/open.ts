/** Opens one connection, once: the settings become amqplib's options. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { relative } from 'node:path';
import { type ChannelModel, connect, credentials } from 'amqplib';
import type { BrokerAddress } from './config.ts';
import { readClose, readTlsAlert } from './refusal.ts';

/** In seconds. A peer that is frozen is noticed after two to three heartbeats. */
const HEARTBEAT_S = 5;
/** How long the connection may take to open, in milliseconds: a silent peer would hold it for ever. */
const OPEN_TIMEOUT_MS = 5000;

/** Opens a connection, named after the program and its host, as the management UI shows it. */
export async function openConnection(broker: BrokerAddress): Promise<ChannelModel> {
  let lastHeard: Buffer = Buffer.alloc(0);
  const [opening, socket] = withItsSocket(() => startOpening(broker));
  // With a listener to "readable" the socket gives its bytes only when amqplib reads them. Then
  // "data" shows the same bytes here.
  const wait = () => {};
  const hear = (chunk: Buffer) => {
    lastHeard = chunk;
  };
  socket?.on('readable', wait).on('data', hear);
  try {
    const model = await opening;
    if (socket) writeTogether(socket);
    model.on('close', (error) => {
      // A frozen peer never closes its side, and a socket that is open keeps the program from ending.
      if (error?.message === 'Heartbeat timeout') socket?.destroy();
    });
    return model;
  } catch (error) {
    // amqplib drops the broker's reason for refusing a vhost, and what isn't AMQP.
    throw readClose(lastHeard) ?? readTlsAlert(lastHeard) ?? error;
  } finally {
    socket?.off('data', hear).off('readable', wait);
  }
}

function startOpening(broker: BrokerAddress): Promise<ChannelModel> {
  const { caFile, certFile, keyFile, mechanism, vhost, ...address } = broker;
  return connect(
    // amqplib decodes the vhost of an object as it does the one of a URL.
    { ...address, vhost: encodeURIComponent(vhost), heartbeat: HEARTBEAT_S },
    {
      // Small messages leave at once, instead of waiting up to 40 ms for company.
      noDelay: true,
      timeout: OPEN_TIMEOUT_MS,
      clientProperties: { connection_name: `${programName()} on ${hostname()}` },
      // The files are read for each connection: a certificate is renewed while programs run.
      ...(caFile ? { ca: readFileSync(caFile) } : {}),
      ...(certFile && keyFile ? { cert: readFileSync(certFile), key: readFileSync(keyFile) } : {}),
      ...(mechanism === 'EXTERNAL' ? { credentials: credentials.external() } : {}),
    },
  );
}

/** Also returns the socket that `open` makes, which amqplib keeps to itself. */
function withItsSocket<T>(open: () => T): [T, Socket | undefined] {
  let socket: Socket | undefined;
  const take = (made: unknown) => {
    ({ socket } = made as { socket: Socket });
  };
  subscribe('net.client.socket', take);
  try {
    return [open(), socket];
  } finally {
    unsubscribe('net.client.socket', take);
  }
}

/** What is written at once leaves at once: amqplib alone makes a system call of each message. */
function writeTogether(socket: Socket): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = (...args: unknown[]) => {
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    return write(...args);
  };
}

/** The program as a lesson calls it: "producer/01-hello". */
function programName(): string {
  return relative(process.cwd(), process.argv[1] ?? '').replace(/\.ts$/, '');
}
