/** The ids of what is drawn. An edge is named after its ends. */
import type { Binding, Consumer, Peer } from './events.ts';

export const producerId = (connection: string) => `producer ${connection}`;
export const exchangeId = (name: string) => `exchange ${name}`;
export const queueId = (name: string) => `queue ${name}`;
export const consumerId = (c: Pick<Consumer, 'connection' | 'channel' | 'queue' | 'tag'>) =>
  `consumer ${c.connection} ${c.channel} ${c.queue} ${c.tag}`;
export const getterId = (peer: Peer, queue: string) => `get ${peer.connection} ${queue}`;
export const bindingId = (b: Binding) =>
  `binding ${JSON.stringify([b.source, b.destination, b.to, b.key, b.args])}`;
export const edgeId = (from: string, to: string) => `${from} > ${to}`;
/** The lane of dead letters, from a queue to its dead letter exchange. */
export const deadEdgeId = (queue: string, exchange: string) =>
  `dead ${edgeId(queueId(queue), exchangeId(exchange))}`;

/** "producer/01-hello on 7bc0ee29a709": the program, and which side of it runs where. */
export function splitProgram(name: string): { title: string; side: string } {
  const [, program = name, host] = /^(.*) on (\S+)$/.exec(name) ?? [];
  const [, side = '', title = program] = /^(producer|consumer)\/(.+)$/.exec(program) ?? [];
  return { title, side: [side, host && `on ${shorten(host)}`].filter(Boolean).join(' ') };
}

/** A container's id: its first characters tell it from the others. */
const shorten = (host: string) => (/^[0-9a-f]{12}$/.test(host) ? host.slice(0, 6) : host);

/** Names that the broker or a client library made up: they say nothing to a person. */
export const isMadeUp = (name: string) => /^amq\.(gen|ctag)-/.test(name) || /^ctag\d/.test(name);

/** A node by the name of its host, as the lab's settings name it. */
export const shortNode = (node: string) => node.replace(/^rabbit@/, '');
