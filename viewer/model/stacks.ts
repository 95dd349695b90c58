/** Consumers of one queue that are alike are drawn as one box with a count: more than three of them. */
import type { Consumer, Graph } from './events.ts';
import { consumerId, getterId, isMadeUp, splitProgram } from './names.ts';

const MOST_APART = 3;

/** By the id of a box: the consumers that it stands for, one or many. */
export type Stacks = Map<string, Consumer[]>;

export function stack(graph: Graph): Stacks {
  const alike = Map.groupBy(graph.consumers, (consumer) => stackId(graph, consumer));
  return new Map(
    [...alike].flatMap(([id, consumers]): [string, Consumer[]][] =>
      consumers.length > MOST_APART
        ? [[id, consumers]]
        : consumers.map((consumer) => [consumerId(consumer), [consumer]]),
    ),
  );
}

/** The box that a consumer is drawn in. */
export function boxOf(graph: Graph, consumer: Consumer): string {
  const id = stackId(graph, consumer);
  const alike = graph.consumers.filter((one) => stackId(graph, one) === id);
  return alike.length > MOST_APART ? id : consumerId(consumer);
}

/** Ids under which the consumers that are there may have been drawn: alone, with others, or before they were listed. */
export function idsOf(graph: Graph): Set<string> {
  return new Set(
    graph.consumers.flatMap((one) => [
      consumerId(one),
      stackId(graph, one),
      getterId({ ...one, node: '' }, one.queue),
    ]),
  );
}

export const isStack = (id: string) => id.startsWith('stack ');

function stackId(
  graph: Graph,
  { queue, connection, tag, ack, prefetch, offset }: Consumer,
): string {
  const { title } = splitProgram(programOf(graph, connection));
  return `stack ${JSON.stringify([queue, title, isMadeUp(tag) ? '' : tag, ack, prefetch, offset])}`;
}

/** The name that a program gave its connection; else the address it came from. */
export function programOf(graph: Graph, connection: string): string {
  const program = graph.connections.find(({ name }) => name === connection)?.program;
  return program || connection.replace(/:\d+ -> .*/, '');
}
