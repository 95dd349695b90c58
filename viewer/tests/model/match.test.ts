import { expect, test } from 'vitest';
import type { Graph } from '../../model/events.ts';
import { routes } from '../../model/match.ts';
import { binding, queue } from './story.ts';

const graphOf = (type: string, key: string, args = {}): Graph => ({
  exchanges: [{ name: 'x', type }],
  queues: [queue('q')],
  bindings: [binding('x', 'q', key, args)],
  consumers: [],
  connections: [],
});
const fits = (graph: Graph, key: string, headers = {}) =>
  routes(graph, 'x', { keys: [key], headers }).length > 0;

// The rows of the AMQP 0-9-1 specification and of the broker's own documentation.
test.each([
  ['*.critical', 'kern.critical', true],
  ['*.critical', 'critical', false],
  ['*.critical', 'kern.disk.critical', false],
  ['kern.#', 'kern', true],
  ['kern.#', 'kern.disk.critical', true],
  ['#', '', true],
  ['#.critical', 'critical', true],
  ['*', '', true],
  ['a.*.#.b', 'a.x.b', true],
  ['a.*.#.b', 'a.b', false],
])('topic %s and the key %s: %s', (pattern, key, expected) => {
  expect(fits(graphOf('topic', pattern), key)).toBe(expected);
});

test.each([
  [{ 'x-match': 'all', format: 'pdf', type: 'report' }, { format: 'pdf', type: 'report' }, true],
  [{ 'x-match': 'all', format: 'pdf', type: 'report' }, { format: 'pdf' }, false],
  [{ format: 'pdf' }, { format: 'pdf', more: 1 }, true],
  [{ 'x-match': 'any', format: 'pdf', type: 'report' }, { format: 'pdf' }, true],
  [{ 'x-match': 'any', format: 'pdf' }, { format: 'zip' }, false],
  [{ 'x-match': 'all', 'x-own': 'a' }, {}, true],
  [{ 'x-match': 'all-with-x', 'x-own': 'a' }, {}, false],
])('headers %j and a message with %j: %s', (args, headers, expected) => {
  expect(fits(graphOf('headers', '', args), '', headers)).toBe(expected);
});

test('a direct exchange compares, a fanout exchange does not, of others nothing is known', () => {
  expect(fits(graphOf('direct', 'k'), 'k')).toBe(true);
  expect(fits(graphOf('direct', 'k'), 'l')).toBe(false);
  expect(fits(graphOf('fanout', 'k'), 'l')).toBe(true);
  expect(fits(graphOf('x-consistent-hash', '1'), '1')).toBe(false);
});

test('it goes on over exchanges that are bound to exchanges, and does not go in circles', () => {
  const graph = graphOf('fanout', '');
  graph.exchanges.push({ name: 'y', type: 'fanout' });
  graph.bindings = [
    { source: 'x', destination: 'y', to: 'exchange', key: '', args: {} },
    { source: 'y', destination: 'x', to: 'exchange', key: '', args: {} },
    binding('y', 'q'),
  ];
  expect(routes(graph, 'x', { keys: [''], headers: {} })).toMatchObject([
    { queue: 'q', through: [{}, {}] },
  ]);
});

test('what no binding wants goes to the alternate exchange', () => {
  const graph = graphOf('fanout', '');
  graph.exchanges.push({ name: 'main', type: 'direct', alternate: 'x' });
  expect(routes(graph, 'main', { keys: ['k'], headers: {} })).toMatchObject([{ queue: 'q' }]);
});
