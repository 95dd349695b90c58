/** One box of the picture: what is written in it. */
import type { Binding, Connection, Consumer, Graph, Peer, Queue } from './events.ts';
import {
  bindingId,
  consumerId,
  exchangeId,
  getterId,
  isMadeUp,
  producerId,
  queueId,
  shortNode,
  splitProgram,
} from './names.ts';
import { programOf } from './stacks.ts';
import type { Node } from './state.ts';

export function producerNode(graph: Graph, { name, program, node, seen }: Connection): Node {
  const { title, side } = splitProgram(program || programOf(graph, name));
  return {
    id: producerId(name),
    kind: 'producer',
    column: 0,
    title,
    lines: [
      [
        side || (seen && !program ? 'not listed yet' : 'producer'),
        protocolOf(graph, name),
        nodeName(graph, node),
      ]
        .filter(Boolean)
        .join(' · '),
    ],
    badges: [],
    name,
    connection: name,
  };
}

/** The node of a cluster that a program or a queue is at; with one node there is nothing to say. */
function nodeName({ nodes }: Graph, node = ''): string {
  if (!nodes || !node) return '';
  return nodes.includes(node) ? `at ${shortNode(node)}` : `${shortNode(node)} is down`;
}

/** A client of another protocol, as MQTT, mostly has no name; its protocol says what it is. */
function protocolOf(graph: Graph, connection: string): string {
  return graph.connections.find(({ name }) => name === connection)?.protocol ?? '';
}

export function exchangeNode(graph: Graph, name: string, column: number): Node {
  const { type = '', alternate } = graph.exchanges.find((exchange) => exchange.name === name) ?? {};
  return {
    id: exchangeId(name),
    kind: 'exchange',
    column,
    title: name || 'default exchange',
    lines: [name ? type : 'by queue name'],
    badges: alternate === undefined ? [] : [`else ${alternate}`],
    name,
    ...(name ? {} : { implied: true }),
  };
}

export function bindingNode(graph: Graph, binding: Binding, column: number): Node {
  const type = graph.exchanges.find(({ name }) => name === binding.source)?.type ?? '';
  return {
    id: bindingId(binding),
    kind: 'binding',
    column,
    title: bindingText(type, binding),
    lines: [],
    badges: [],
    name: binding.key,
    ...(binding.source ? {} : { implied: true }),
  };
}

function bindingText(type: string, { source, key, args }: Binding): string {
  if (source === '') return `= ${key}`;
  if (type === 'fanout') return 'everything';
  if (type !== 'headers') return key || '(empty key)';
  const how = String(args['x-match'] ?? 'all');
  const asked = Object.entries(args).filter(([name]) => name !== 'x-match');
  return `${how}: ${asked.map(([name, value]) => `${name}=${String(value)}`).join(', ')}`;
}

export function queueNode(graph: Graph, queue: Queue, column: number): Node {
  const badges = [
    queue.type === 'classic' ? '' : queue.type,
    queue.ttl === undefined ? '' : `TTL ${seconds(queue.ttl)}`,
    queue.maxLength === undefined ? '' : `max ${queue.maxLength}`,
    queue.dlx === undefined ? '' : 'DLX',
    nodeName(graph, queue.node),
  ];
  return {
    id: queueId(queue.name),
    kind: 'queue',
    column,
    title: isMadeUp(queue.name) ? `private queue${ownerOf(graph, queue.name)}` : queue.name,
    lines: [],
    badges: badges.filter(Boolean),
    name: queue.name,
  };
}

const seconds = (ms: number) => (ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`);

function ownerOf(graph: Graph, queue: string): string {
  const consumer = graph.consumers.find((one) => one.queue === queue);
  if (!consumer) return '';
  const { title } = splitProgram(programOf(graph, consumer.connection));
  return ` of ${isMadeUp(consumer.tag) ? title : consumer.tag}`;
}

export function consumerNode(graph: Graph, consumer: Consumer, column: number): Node {
  const { title, side } = splitProgram(programOf(graph, consumer.connection));
  const { tag } = consumer;
  const how = howOf(consumer);
  const node = graph.connections.find(({ name }) => name === consumer.connection)?.node;
  const where = nodeName(graph, node);
  const protocol = protocolOf(graph, consumer.connection);
  return {
    id: consumerId(consumer),
    kind: 'consumer',
    column,
    title: isMadeUp(tag) ? title : tag,
    lines: [protocol || (isMadeUp(tag) ? side : title), [how, where].filter(Boolean).join(' · ')],
    badges: [],
    name: tag,
    connection: consumer.connection,
  };
}

function howOf({ ack, prefetch, offset }: Consumer): string {
  const how = ack ? `prefetch ${prefetch || 'unlimited'}` : 'auto-ack';
  return offset ? `${how} · from ${offset}` : how;
}

export function stackNode(graph: Graph, id: string, consumers: Consumer[], column: number): Node {
  const [first] = consumers as [Consumer];
  const { title } = splitProgram(programOf(graph, first.connection));
  const name = isMadeUp(first.tag) ? title : first.tag;
  return {
    id,
    kind: 'consumer',
    column,
    title: `${name} ×${consumers.length}`,
    lines: ['consumers that are alike', howOf(first)],
    badges: [],
    name: '',
  };
}

export function getterNode(graph: Graph, peer: Peer, queue: string, column: number): Node {
  return {
    id: getterId(peer, queue),
    kind: 'consumer',
    column,
    title: splitProgram(programOf(graph, peer.connection)).title,
    lines: ['is new, or asks with get'],
    badges: [],
    name: '',
    connection: peer.connection,
    implied: true,
  };
}
