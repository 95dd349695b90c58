/** What is drawn of a graph: boxes in columns, and the edges between them. */
import {
  bindingNode,
  consumerNode,
  exchangeNode,
  getterNode,
  producerNode,
  queueNode,
  stackNode,
} from './boxes.ts';
import type { Binding, Consumer } from './events.ts';
import { defaultBinding } from './match.ts';
import {
  bindingId,
  deadEdgeId,
  edgeId,
  exchangeId,
  getterId,
  producerId,
  queueId,
} from './names.ts';
import { isStack, stack } from './stacks.ts';
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
  const stacks = stack(graph);
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
    ...[...stacks].map(([id, consumers]) =>
      isStack(id)
        ? stackNode(graph, id, consumers, last + 2)
        : consumerNode(graph, consumers[0] as Consumer, last + 2),
    ),
    ...known.getters.map(({ peer, queue }) => getterNode(graph, peer, queue, last + 2)),
  ];
  for (const binding of bindings) {
    link(exchangeId(binding.source), bindingId(binding));
    const to = binding.to === 'queue' ? queueId : exchangeId;
    link(bindingId(binding), to(binding.destination));
  }
  for (const [id, [first]] of stacks) link(queueId(first?.queue ?? ''), id);
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
  return known.map((connection) => producerNode(graph, connection));
}
