/**
 * Which bindings a message goes through. The broker doesn't say; this is worked out from the rules
 * of the exchange types, and used only where it agrees with the queues that the broker names.
 */
import type { Binding, Graph } from './events.ts';

/** A way from an exchange to a queue: the bindings in their order. */
export type Route = { queue: string; through: Binding[] };

type Message = { keys: string[]; headers: Record<string, unknown> };

/** All ways of a message, over exchanges that are bound to exchanges too. */
export function routes(graph: Graph, exchange: string, message: Message): Route[] {
  if (exchange === '') return message.keys.flatMap((key) => toQueueNamed(graph, key));
  return walk(graph, exchange, message, [], new Set());
}

/** The default exchange has a binding to every queue, by its name. It is not listed by the broker. */
export function defaultBinding(queue: string): Binding {
  return { source: '', destination: queue, to: 'queue', key: queue, args: {} };
}

function toQueueNamed(graph: Graph, key: string): Route[] {
  const there = graph.queues.some(({ name }) => name === key);
  return there ? [{ queue: key, through: [defaultBinding(key)] }] : [];
}

function walk(
  graph: Graph,
  exchange: string,
  message: Message,
  before: Binding[],
  been: Set<string>,
): Route[] {
  if (been.has(exchange)) return [];
  const seen = new Set([...been, exchange]);
  const here = graph.exchanges.find(({ name }) => name === exchange);
  const fitting = graph.bindings.filter(
    (binding) => binding.source === exchange && fits(here?.type ?? '', binding, message),
  );
  if (fitting.length === 0 && here?.alternate) {
    return walk(graph, here.alternate, message, before, seen);
  }
  return fitting.flatMap((binding) => {
    const through = [...before, binding];
    if (binding.to === 'queue') return [{ queue: binding.destination, through }];
    return walk(graph, binding.destination, message, through, seen);
  });
}

function fits(type: string, { key, args }: Binding, { keys, headers }: Message): boolean {
  if (type === 'fanout') return true;
  if (type === 'direct') return keys.includes(key);
  if (type === 'topic') return keys.some((given) => fitsTopic(key.split('.'), given.split('.')));
  if (type === 'headers') return fitsHeaders(args, headers);
  return false; // of a plugin's exchange type only the broker knows
}

/** `*` stands for one word, `#` for any number of them. */
function fitsTopic(pattern: string[], words: string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === '#') {
    return fitsTopic(rest, words) || (words.length > 0 && fitsTopic(pattern, words.slice(1)));
  }
  return (
    words.length > 0 && (first === '*' || first === words[0]) && fitsTopic(rest, words.slice(1))
  );
}

function fitsHeaders(args: Record<string, unknown>, headers: Record<string, unknown>): boolean {
  const how = String(args['x-match'] ?? 'all');
  const asked = Object.entries(args).filter(([name]) =>
    how.endsWith('-with-x') ? name !== 'x-match' : !name.startsWith('x-'),
  );
  const same = ([name, value]: [string, unknown]) =>
    name in headers && (value === null || JSON.stringify(headers[name]) === JSON.stringify(value));
  return how.startsWith('any') ? asked.some(same) : asked.every(same);
}
