/** What is drawn of a graph: boxes in columns, and the edges between them. */
import type { Binding, Consumer, Graph, Queue } from './events.ts';
import { defaultBinding } from './match.ts';
import {
  bindingId,
  consumerId,
  deadEdgeId,
  edgeId,
  exchangeId,
  getterId,
  isMadeUp,
  producerId,
  queueId,
  splitProgram,
} from './names.ts';
import type { Edge, Node, State } from './state.ts';

type Known = Pick<State, 'graph' | 'publishers' | 'named' | 'getters'>;

export function draw(known: Known): { nodes: Node[]; edges: Edge[] } {
  const { graph, publishers, named } = known;
  const bindings = [
    ...graph.bindings.filter(({ source }) => source !== ''),
    ...named
      .filter((name) => graph.queues.some((queue) => queue.name === name))
      .map(defaultBinding),
  ];
  const shown = exchangesShown(known, bindings);
  const level = levels(bindings);
  const last = 2 + 2 * Math.max(0, ...shown.map((name) => level(name)));
  const edges: Edge[] = [];
  const link = (from: string, to: string) =>
    edges.push({ id: edgeId(from, to), from, to, kind: 'path' });

  const nodes: Node[] = [
    ...producers(known),
    ...shown.map((name) => exchangeNode(graph, name, 1 + 2 * level(name))),
    ...bindings.map((binding) => bindingNode(graph, binding, 2 + 2 * level(binding.source))),
    ...graph.queues.map((queue) => queueNode(graph, queue, last + 1)),
    ...graph.consumers.map((consumer) => consumerNode(graph, consumer, last + 2)),
    ...getterNodes(known, last + 2),
  ];
  for (const binding of bindings) {
    link(exchangeId(binding.source), bindingId(binding));
    const to = binding.to === 'queue' ? queueId : exchangeId;
    link(bindingId(binding), to(binding.destination));
  }
  for (const consumer of graph.consumers) link(queueId(consumer.queue), consumerId(consumer));
  for (const { peer, queue } of known.getters) link(queueId(queue), getterId(peer, queue));
  for (const { name, dlx } of graph.queues) {
    if (dlx === undefined) continue;
    const [from, to] = [queueId(name), exchangeId(dlx)];
    edges.push({ id: deadEdgeId(name, dlx), from, to, kind: 'dead' });
  }
  for (const { connection, exchange } of publishers) {
    link(producerId(connection), exchangeId(exchange));
  }
  const there = new Set(nodes.map(({ id }) => id));
  return { nodes, edges: edges.filter(({ from, to }) => there.has(from) && there.has(to)) };
}

/** Those somebody uses. The default exchange only once it has done something. */
function exchangesShown({ graph, publishers, named }: Known, bindings: Binding[]): string[] {
  const published = publishers.map(({ exchange }) => exchange);
  const dead = graph.queues.flatMap(({ dlx }) => dlx ?? []);
  const used = new Set([
    ...(named.length > 0 ? [''] : []),
    ...bindings.flatMap(({ source, destination, to }) =>
      to === 'exchange' ? [source, destination] : [source],
    ),
    ...published,
    ...dead,
  ]);
  const names = graph.exchanges.map(({ name }) => name);
  return names.filter((name) => used.has(name) || (name !== '' && !name.startsWith('amq.')));
}

/** How many exchanges a message has passed at most before this one. */
function levels(bindings: Binding[]): (exchange: string) => number {
  const level = (exchange: string, been: string[]): number =>
    Math.max(
      0,
      ...bindings
        .filter(({ to, destination }) => to === 'exchange' && destination === exchange)
        .filter(({ source }) => !been.includes(source))
        .map(({ source }) => 1 + level(source, [...been, exchange])),
    );
  return (exchange) => level(exchange, [exchange]);
}

function producers({ graph, publishers }: Known): Node[] {
  const published = new Set(publishers.map(({ connection }) => connection));
  const known = graph.connections.filter(({ name, publishes }) => publishes || published.has(name));
  return known.map(({ name, program, node }) => {
    const { title, side } = splitProgram(program || name);
    return {
      id: producerId(name),
      kind: 'producer',
      column: 0,
      title,
      lines: [[side, nodeName(graph, node)].filter(Boolean).join(' · ')],
      badges: [],
      name,
      connection: name,
    };
  });
}

/** The node of a cluster that a program is connected to; with one node there is nothing to say. */
function nodeName(graph: Graph, node: string): string {
  const all = new Set(graph.connections.map((connection) => connection.node));
  return all.size > 1 ? `at ${node.replace(/^rabbit@/, '')}` : '';
}

function exchangeNode(graph: Graph, name: string, column: number): Node {
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

function bindingNode(graph: Graph, binding: Binding, column: number): Node {
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

function queueNode(graph: Graph, queue: Queue, column: number): Node {
  const badges = [
    queue.type === 'classic' ? '' : queue.type,
    queue.ttl === undefined ? '' : `TTL ${seconds(queue.ttl)}`,
    queue.maxLength === undefined ? '' : `max ${queue.maxLength}`,
    queue.dlx === undefined ? '' : 'DLX',
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

/** The name that a program gave its connection; else the address it came from. */
export function programOf(graph: Graph, connection: string): string {
  const program = graph.connections.find(({ name }) => name === connection)?.program;
  return program || connection.replace(/ -> .*/, '');
}

function consumerNode(graph: Graph, consumer: Consumer, column: number): Node {
  const { title, side } = splitProgram(programOf(graph, consumer.connection));
  const { ack, prefetch, offset, tag } = consumer;
  const how = ack ? `prefetch ${prefetch || 'unlimited'}` : 'auto-ack';
  const node = graph.connections.find(({ name }) => name === consumer.connection)?.node ?? '';
  return {
    id: consumerId(consumer),
    kind: 'consumer',
    column,
    title: isMadeUp(tag) ? title : tag,
    lines: [
      isMadeUp(tag) ? side : title,
      [how, offset && `from ${offset}`, nodeName(graph, node)].filter(Boolean).join(' · '),
    ],
    badges: [],
    name: tag,
    connection: consumer.connection,
  };
}

function getterNodes({ graph, getters }: Known, column: number): Node[] {
  return getters.map(({ peer, queue }) => ({
    id: getterId(peer, queue),
    kind: 'consumer',
    column,
    title: splitProgram(programOf(graph, peer.connection)).title,
    lines: ['asks with get'],
    badges: [],
    name: '',
    connection: peer.connection,
    implied: true,
  }));
}
