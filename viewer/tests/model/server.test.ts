/** What the server works out without a broker: the order, the rate, the history, the decoding. */
import { expect, test } from 'vitest';
import { History } from '../../model/history.ts';
import { decode, type Raw } from '../../server/decode.ts';
import { lineOf, startOfRecording } from '../../server/html.ts';
import { GRAPH_MS, ORPHAN_MS, Order } from '../../server/order.ts';
import { LIMITS, Rate } from '../../server/rate.ts';
import { readSettings } from '../../server/settings.ts';
import { totalsIn } from '../../server/translate.ts';
import { consumer, message, queue, Story } from './story.ts';

const peer = (connection: string) => ({ node: 'n', connection, channel: 1 });
const publish = (id: string): Raw => ({
  k: 'publish',
  msg: message(id),
  exchange: '',
  keys: ['q'],
  routed: ['q'],
  from: peer('p'),
});
const deliver = (id: string): Raw => ({
  k: 'deliver',
  msg: message(id),
  exchange: '',
  keys: ['q'],
  queue: 'q',
  again: false,
  to: peer('c'),
});
const there = {
  exchanges: [],
  queues: [queue('q')],
  bindings: [],
  consumers: [consumer('q', 'c')],
  connections: ['p', 'c'].map((name) => ({ name, program: '', node: '', publishes: false })),
};

function orderOf() {
  const out: string[] = [];
  let asked = 0;
  const order = new Order(
    ({ k, msg }) => out.push(`${k} ${msg.id}`),
    () => (asked += 1),
  );
  return { order, out, asked: () => asked };
}

test('a delivery that overtook its publish is put behind it', () => {
  const { order, out } = orderOf();
  order.take(there, 0, 0);
  order.push(deliver('m'), 1);
  expect(out).toEqual([]);
  order.push(publish('m'), 5);
  expect(out).toEqual(['publish m', 'deliver m']);
});

test('a delivery without a publish was published before the watching: it waits 250 ms and no more', () => {
  const { order, out } = orderOf();
  order.take(there, 0, 0);
  order.push(deliver('m'), 1);
  order.tick(ORPHAN_MS);
  expect(out).toEqual([]);
  order.tick(ORPHAN_MS + 1);
  expect(out).toEqual(['deliver m']);
});

test('an event of a new queue waits for a graph that has it, and asks for it', () => {
  const { order, out, asked } = orderOf();
  order.take({ ...there, queues: [] }, 0, 0);
  order.push(publish('m'), 1);
  expect(out).toEqual([]);
  expect(asked()).toBe(1);
  order.take(there, 2, 3);
  expect(out).toEqual(['publish m']);
});

test('what a graph that was asked for later does not have is not there', () => {
  const { order, out } = orderOf();
  order.take({ ...there, queues: [] }, 0, 0);
  order.push(publish('m'), 5);
  order.take({ ...there, queues: [] }, 4, 6); // asked for before the event
  expect(out).toEqual([]);
  order.take({ ...there, queues: [] }, 254, 255); // the broker's lists are a moment behind
  expect(out).toEqual([]);
  order.take({ ...there, queues: [] }, 256, 257);
  expect(out).toEqual(['publish m']);
  order.push(publish('n'), 258); // not asked for again so soon
  expect(out).toEqual(['publish m', 'publish n']);
});

test('a look at the depths waits for the events that were heard before it', () => {
  const { order, out } = orderOf();
  order.take({ ...there, queues: [] }, 0, 0);
  order.push(publish('m'), 1); // held back: its queue is not in the graph
  order.after(() => out.push('look'), 2);
  order.push(deliver('n'), 3);
  expect(out).toEqual([]);
  order.take(there, 300, 300);
  expect(out).toEqual(['publish m', 'look']);
  order.after(() => out.push('look again'), 301); // behind a delivery that waits for its publish
  order.tick(300 + ORPHAN_MS);
  expect(out).toEqual(['publish m', 'look', 'deliver n', 'look again']);
});

test('without any graph an event waits for half a second', () => {
  const { order, out } = orderOf();
  order.push(publish('m'), 0);
  order.tick(GRAPH_MS - 1);
  expect(out).toEqual([]);
  order.tick(GRAPH_MS);
  expect(out).toEqual(['publish m']);
});

function busy(rate: Rate, perSecond: number, from: number, seconds: number): void {
  for (let t = 0; t < seconds * 1000; t += 1000 / perSecond) {
    rate.count('publish', from + t);
    rate.count('deliver', from + t);
  }
}

test('the more messages, the fewer of them are drawn; it comes back after three quiet seconds', () => {
  const rate = new Rate();
  busy(rate, LIMITS.each, 0, 1);
  expect(rate.decide(1000, 0).draw).toBe('each');
  busy(rate, 3 * LIMITS.each, 1000, 1);
  expect(rate.decide(2000, 0)).toMatchObject({ draw: 'sample', oneIn: 8 });
  busy(rate, 2 * LIMITS.sample, 2000, 1);
  expect(rate.decide(3000, 0).draw).toBe('counters');
  expect(rate.decide(4000, 2 * LIMITS.sample).draw).toBe('counters');
  expect(rate.decide(5000, 10).draw).toBe('counters');
  expect(rate.decide(7100, 10).draw).toBe('each');
});

test('a slow broker is no flood: what came since the latest look counts by the second', () => {
  const rate = new Rate();
  rate.decide(0, 0);
  const asked = (perSecond: number, from: number) =>
    Array.from({ length: 3 * perSecond }, (_, n) =>
      rate.count('publish', from + (1000 * n) / perSecond),
    );
  expect(asked(LIMITS.each, 0)).not.toContain(true);
  expect(asked(LIMITS.each + 5, 10_000)).toContain(true);
});

test('a sample is of whole journeys: the id alone decides', () => {
  const rate = new Rate();
  busy(rate, 3 * LIMITS.each, 0, 1);
  rate.decide(1000, 0);
  const ids = Array.from({ length: 8000 }, (_, n) => `message ${n}`);
  const drawn = ids.filter((id) => rate.draws(id));
  expect(drawn.length).toBeGreaterThan(800);
  expect(drawn.length).toBeLessThan(1200);
  expect(ids.filter((id) => rate.draws(id))).toEqual(drawn);
});

test('a message that was drawn when it was published is drawn when it is delivered, whatever the rate', () => {
  const rate = new Rate();
  const ids = Array.from({ length: 100 }, (_, n) => `message ${n}`);
  expect(ids.every((id) => rate.draws(id))).toBe(true);
  busy(rate, 3 * LIMITS.each, 0, 1);
  expect(rate.decide(1000, 0).draw).toBe('sample');
  expect(ids.every((id) => rate.draws(id))).toBe(true);
});

test('the history is bounded, and any moment that it keeps can be shown again', () => {
  const story = new Story().graph(there);
  for (let n = 0; n < 300; n++) story.publish(`m${n}`, '', 'q', ['q']).look({ q: [n, 0] });
  const history = new History(undefined, { ms: 20_000, events: 200, bytes: 1e9 });
  const states = new Map<number, unknown>();
  for (const event of story.events) {
    history.append(event);
    states.set(event.seq, history.head);
  }
  expect(history.events.length).toBeLessThanOrEqual(200);
  expect(history.events.length).toBeGreaterThan(50);
  for (const { seq } of history.events) expect(history.stateAt(seq)).toEqual(states.get(seq));
});

test('too many bytes are too much, too', () => {
  const history = new History(undefined, { ms: 1e9, events: 1e9, bytes: 5000 });
  const story = new Story().graph(there);
  for (let n = 0; n < 3000; n++) story.publish(`m${n}`, '', 'q', ['q']);
  for (const event of story.events) history.append(event, 1);
  expect(history.events.length).toBe(story.events.length);
  for (const event of story.events) history.append({ ...event, seq: event.seq + 10_000 }, 100);
  expect(history.events.length).toBeLessThan(1500);
});

const traced = (routingKey: string, headers: object, content = 'x') =>
  decode(
    {
      fields: { routingKey },
      properties: { headers: { ...headers } },
      content: Buffer.from(content),
    },
    'viewer',
  );

test('an event of the firehose is read as the broker writes it', () => {
  const death = {
    count: 1,
    reason: 'expired',
    queue: 'retry',
    exchange: '',
    time: { '!': 'timestamp', value: 1 },
  };
  const properties = { message_id: 'm', headers: { 'x-death': [death], own: 1 } };
  const from = { node: 'n', connection: 'a -> b', channel: 3 };
  expect(
    traced('deliver.jobs.x', {
      exchange_name: '',
      routing_keys: ['jobs.x'],
      redelivered: 1,
      properties,
      ...from,
    }),
  ).toMatchObject({
    k: 'deliver',
    queue: 'jobs.x',
    again: true,
    to: from,
    msg: {
      id: 'm',
      by: 'messageId',
      deaths: [{ queue: 'retry', reason: 'expired', count: 1 }],
      bytes: 1,
    },
  });
});

test('what a page publishes is known by its user', () => {
  const publish = (user: string) => traced('publish.', { exchange_name: '', user });
  expect(publish('viewer')).toMatchObject({ from: { viewer: true } });
  expect(publish('guest')).not.toMatchObject({ from: { viewer: true } });
});

test('without a messageId the same content has the same id, also after it has died', () => {
  const id = (properties: object, content?: string) =>
    traced('publish.', { exchange_name: '', properties, routed_queues: [] }, content).msg.id;
  const died = { headers: { 'x-death': [] }, app_id: 'a' };
  expect(id({ app_id: 'a', expiration: '1000' })).toBe(id(died));
  expect(id({ app_id: 'a' }, 'y')).not.toBe(id({ app_id: 'a' }));
});

test('a long body and large headers are cut, and their size is told', () => {
  const large = { message_id: 'm', headers: { h: 'x'.repeat(20_000) } };
  const { msg } = traced('publish.', { properties: large }, 'y'.repeat(100_000));
  expect(msg.bytes).toBe(100_000);
  expect(Buffer.from(msg.base64, 'base64')).toHaveLength(65_536);
  expect(msg.headers).toEqual({ '(too large to show)': expect.stringMatching(/^\d+ bytes$/) });
});

test('the counters of all kinds of queues and protocols are added up', () => {
  const metrics = `# HELP rabbitmq_global_messages_received_total x
rabbitmq_global_messages_received_total{protocol="amqp091"} 5
rabbitmq_global_messages_received_total{protocol="mqtt310"} 2
rabbitmq_global_messages_dead_lettered_rejected_total{queue_type="a",dead_letter_strategy="disabled"} 4
rabbitmq_global_messages_dead_lettered_rejected_total{queue_type="a",dead_letter_strategy="at_most_once"} 1
`;
  expect(totalsIn(metrics)).toMatchObject({ received: 7, rejected: 1, returned: 0 });
});

test('no body ends the script element that a recording keeps it in', () => {
  const line = lineOf({ seq: 1, t: 1, k: 'gap', why: '</script><img onerror=x>' });
  expect(line).not.toContain('<');
  expect(JSON.parse(line).why).toBe('</script><img onerror=x>');
  const template = '<meta name="token" content=""><style>a</style><script>b</script>';
  const header = {
    viewer: 1,
    broker: '',
    vhost: '</script>',
    nodes: [],
    epoch: 0,
    state: {},
  } as const;
  expect(startOfRecording(template, { ...header, nodes: [] }).match(/<\/script>/g)).toHaveLength(1);
});

test('a setting that cannot be used is refused, with what it accepts', () => {
  expect(readSettings({}).port).toBe(8090);
  expect(() => readSettings({ LISTEN_PORT: 'x' })).toThrow('`LISTEN_PORT` must be a port');
});
