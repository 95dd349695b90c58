import { expect, test } from 'vitest';
import { frame } from '../../model/frame.ts';
import { reduce } from '../../model/reduce.ts';
import { initialState, type State } from '../../model/state.ts';
import { binding, consumer, message, NONE, queue, Story } from './story.ts';

const hello = () =>
  new Story().graph({
    queues: [queue('hello')],
    consumers: [consumer('hello', 'c', { ack: false })],
  });

test('a publish is one dot to the exchange, then one into the queue, then one to the consumer', () => {
  const { state } = hello().publish('m', '', 'hello', ['hello']).deliver('m', 'hello', 'c');
  expect(state.flights.map(({ kind, start, end }) => [kind, end - start])).toEqual([
    ['publish', 250],
    ['route', 350],
    ['deliver', 300],
  ]);
  // Each begins where the one before it has ended.
  expect(state.flights.map(({ start }) => start - (state.flights[0]?.start ?? 0))).toEqual([
    0, 250, 600,
  ]);
  expect(state.copies.size).toBe(0);
});

test('a dot waits until the picture has made room for a producer that is new', () => {
  const story = hello().publish('m', '', 'hello', ['hello']);
  expect(story.state.flights[0]?.start).toBe(story.t + 300);
  story.tell({ k: 'mode', mode: story.state.mode }, 5000).publish('n', '', 'hello', ['hello']);
  expect(story.state.flights.find(({ msg }) => msg?.id === 'n')?.start).toBe(story.t);
});

test('on the default exchange only a queue that exists is routed to, whatever the broker names', () => {
  expect(hello().publish('m', '', 'nowhere', ['nowhere']).kinds).toEqual(['publish', 'unroutable']);
});

test('a queue whose two bindings fit gets one dot, and both are lit', () => {
  const story = new Story()
    .graph({
      exchanges: [{ name: 'logs', type: 'topic' }],
      queues: [queue('pager')],
      bindings: [binding('logs', 'pager', '*.critical'), binding('logs', 'pager', 'kern.*')],
    })
    .publish('m', 'logs', 'kern.critical', ['pager']);
  expect(story.kinds).toEqual(['publish', 'route']);
  expect(story.state.flights[1]?.lit).toHaveLength(2);
});

test('where our rules and the broker differ, no binding lights and the dot goes straight', () => {
  const story = new Story()
    .graph({
      exchanges: [{ name: 'x', type: 'direct' }],
      queues: [queue('a'), queue('b')],
      bindings: [binding('x', 'a', 'k')],
    })
    .publish('m', 'x', 'k', ['b']);
  expect(story.state.flights[1]).toMatchObject({
    lit: [],
    legs: [{ edge: 'exchange x > queue b' }],
  });
});

test.each([
  ['returned', { returned: 1 }],
  ['dropped', { dropped: 1 }],
  ['dropped or returned', { returned: 1, dropped: 1 }],
])('what no queue wants is %s, by the counters', (kind, risen) => {
  const story = hello()
    .look({ hello: [0, 0] })
    .publish('m', '', 'nowhere', [])
    .look({ hello: [0, 0] }, risen);
  expect(story.kinds.slice(1)).toEqual([kind]);
  expect(story.state.rows.at(-1)?.mark).toBe(`no queue: ${kind}`);
});

test('a counter that is read before its message is heard of belongs to that message', () => {
  const story = hello()
    .look({ hello: [0, 0] })
    .look({ hello: [0, 0] }, { dropped: 1 });
  story.publish('m', '', 'nowhere', []).look({ hello: [0, 0] });
  expect(story.kinds.slice(1)).toEqual(['dropped']);
});

test('what the page publishes is mandatory: returned before it is counted, and not counted for another', () => {
  const exchanges = [{ name: 'x', type: 'fanout' }];
  const story = new Story().graph({ exchanges }).look({});
  const from = { node: '', connection: 'v', channel: 1, viewer: true } as const;
  story.tell({ k: 'publish', msg: message('m'), exchange: 'x', keys: [''], routed: [], from });
  expect(story.state.flights.slice(1)).toMatchObject([{ kind: 'returned', proof: 'seen' }]);
  expect(story.state.rows.at(-1)).toMatchObject({
    path: 'the page → x → no queue',
    mark: 'no queue: returned',
  });
  story.publish('n', 'x', '', []).look({}, { returned: 1, dropped: 1 });
  expect(story.state.rows.at(-1)?.mark).toBe('no queue: dropped');
});

test('who is too new for the broker to be listed stays, with what it holds, until it should be', () => {
  const queues = [queue('jobs')];
  const story = new Story().graph({ queues }).look({ jobs: [0, 0] });
  story
    .publish('1', '', 'jobs', ['jobs'])
    .deliver('1', 'jobs', 'new')
    .look({ jobs: [0, 1] });
  const titles = () => story.state.nodes.map(({ title }) => title);
  expect(titles()).toContain('new');
  story.graph({ queues: [...queues, queue('other')] });
  expect(titles()).toContain('new');
  expect(story.state.rows.map(({ verb }) => verb)).toEqual(['publish', 'deliver']);
  for (let n = 0; n < 12; n++) story.look({ jobs: [0, 1], other: [0, 0] });
  expect(titles()).not.toContain('new');
  expect(story.state.rows.filter(({ verb }) => verb === 'back')).toHaveLength(1);
});

test('a producer that came and went unlisted leaves no ghost: it has been shown for long enough', () => {
  const queues = [queue('jobs')];
  const story = new Story().graph({ queues, connections: [] }).publish('1', '', 'jobs', ['jobs']);
  const producers = () => story.state.nodes.filter(({ kind }) => kind === 'producer');
  expect(producers()).toMatchObject([{ title: 'p', lines: ['not listed yet'] }]);
  for (let n = 0; n < 14; n++) story.look({ jobs: [1, 0] });
  expect(producers()).toEqual([]);
  expect(story.state.ghosts).toEqual([]);
});

test('a consumer that is listed at last takes the place of who was there before, and leaves no ghost', () => {
  const queues = [queue('jobs')];
  const story = new Story().graph({ queues }).publish('1', '', 'jobs', ['jobs']);
  story.deliver('1', 'jobs', 'new').graph({ queues, consumers: [consumer('jobs', 'new')] });
  expect(story.state.ghosts).toEqual([]);
  const boxes = story.state.nodes.filter(({ kind }) => kind === 'consumer');
  expect(boxes).toHaveLength(1);
  // The dot that was on its way is drawn to its end.
  const edge = `queue jobs > ${boxes[0]?.id}`;
  expect(story.state.flights.at(-1)).toMatchObject({ kind: 'deliver', legs: [{ edge }] });
});

const work = (prefetch: number) =>
  new Story().graph({ queues: [queue('jobs')], consumers: [consumer('jobs', 'w', { prefetch })] });

test('five held by a worker that is gone are back, come again, and none counts as settled', () => {
  const story = work(5).look({ jobs: [0, 0] });
  for (const id of ['1', '2', '3', '4', '5'])
    story.publish(id, '', 'jobs', ['jobs']).deliver(id, 'jobs', 'w');
  story
    .look({ jobs: [0, 5] })
    .graph({ queues: [queue('jobs')], consumers: [consumer('jobs', 'v')] });
  expect(story.kinds.filter((kind) => kind === 'back')).toHaveLength(5);
  story.look({ jobs: [5, 0] }).look({ jobs: [5, 0] });
  for (const id of ['1', '2', '3', '4', '5']) story.deliver(id, 'jobs', 'v', { again: true });
  story.look({ jobs: [0, 5] }).look({ jobs: [0, 5] });
  expect(story.state.settled).toEqual({});
  expect([...story.state.copies.values()].flat().map(({ holder }) => holder?.connection)).toEqual(
    Array(5).fill('v'),
  );
});

test('the depths may tell of the five before the graph does', () => {
  const story = work(5).look({ jobs: [0, 0] });
  for (const id of ['1', '2', '3', '4', '5'])
    story.publish(id, '', 'jobs', ['jobs']).deliver(id, 'jobs', 'w');
  story
    .look({ jobs: [0, 5] })
    .look({ jobs: [5, 0] })
    .graph({ queues: [queue('jobs')] });
  expect(story.kinds.filter((kind) => kind === 'back')).toHaveLength(5);
  story.look({ jobs: [5, 0] });
  expect(story.state.rows.filter(({ verb }) => verb === 'back')).toHaveLength(5);
  expect(story.state.settled).toEqual({});
});

test('a depth from before the deliveries, put right by a look out of turn, is no settlement', () => {
  const ids = ['1', '2', '3', '4', '5'];
  const story = work(5).look({ jobs: [0, 0] });
  for (const id of ids) story.publish(id, '', 'jobs', ['jobs']).deliver(id, 'jobs', 'w');
  story.look({ jobs: [0, 0] });
  const depths = { jobs: { ready: 0, unacked: 5, live: true } };
  story.tell({ k: 'depths', depths, totals: NONE }, 80);
  story
    .graph({ queues: [queue('jobs')] })
    .look({ jobs: [5, 0] })
    .look({ jobs: [5, 0] });
  expect(story.state.settled).toEqual({});
  expect(story.state.rows.filter(({ verb }) => verb === 'back')).toHaveLength(5);
});

test('a depth from before a redelivery that is heard already costs no later settlement', () => {
  const ids = ['1', '2', '3', '4', '5'];
  const story = work(5).look({ jobs: [0, 0] });
  for (const id of ids) story.publish(id, '', 'jobs', ['jobs']).deliver(id, 'jobs', 'w');
  story
    .look({ jobs: [0, 5] })
    .graph({ queues: [queue('jobs')], consumers: [consumer('jobs', 'v')] })
    .look({ jobs: [5, 0] })
    .look({ jobs: [5, 0] });
  for (const id of ids) story.deliver(id, 'jobs', 'v', { again: true });
  story
    .look({ jobs: [5, 0] })
    .look({ jobs: [0, 5] })
    .look({ jobs: [0, 5] });
  expect(story.state.settled).toEqual({});
  story.look({ jobs: [0, 0] }).look({ jobs: [0, 0] });
  expect(story.state.settled).toEqual({ jobs: 5 });
});

test('a redelivery before the graph tells of the loss shows the way back first', () => {
  const story = work(1).publish('1', '', 'jobs', ['jobs']).deliver('1', 'jobs', 'w');
  story.tell({ k: 'back' }, 2000).deliver('1', 'jobs', 'w2', { again: true });
  const [back, again] = story.state.flights.slice(-2);
  expect([back?.kind, back?.proof, again?.kind]).toEqual(['back', 'seen', 'redeliver']);
  expect(again?.start).toBeGreaterThanOrEqual(back?.end ?? 0);
});

test('with a prefetch of 1 the next delivery says that the one before is settled', () => {
  const story = work(1).publish('1', '', 'jobs', ['jobs']).publish('2', '', 'jobs', ['jobs']);
  story.deliver('1', 'jobs', 'w').deliver('2', 'jobs', 'w');
  expect([...story.state.copies.values()].flat().map(({ msg }) => msg.id)).toEqual(['2']);
});

test('fewer unacknowledged at two looks are so many settled, and it is not said which', () => {
  const story = work(0).look({ jobs: [0, 0] });
  for (const id of ['1', '2', '3'])
    story.publish(id, '', 'jobs', ['jobs']).deliver(id, 'jobs', 'w');
  story.look({ jobs: [0, 3] }).look({ jobs: [0, 1] });
  expect(story.state.settled).toEqual({});
  story.look({ jobs: [0, 1] });
  expect(story.state.settled).toEqual({ jobs: 2 });
  expect(story.state.rows.at(-1)).toMatchObject({
    verb: 'settled',
    mark: '2 settled, by the counters',
  });
});

test('a depth that is one ahead of its event for a moment says nothing', () => {
  const story = work(0)
    .look({ jobs: [0, 0] })
    .look({ jobs: [1, 0] });
  story
    .publish('1', '', 'jobs', ['jobs'])
    .look({ jobs: [1, 0] })
    .look({ jobs: [1, 0] })
    .look({ jobs: [1, 0] });
  expect(story.state.rows.map(({ verb }) => verb)).toEqual(['publish']);
});

test('looks out of turn do not make a difference last', () => {
  const story = work(0).look({ jobs: [0, 0] });
  const depths = { jobs: { ready: 1, unacked: 0, live: true } };
  for (let n = 0; n < 4; n++) story.tell({ k: 'depths', depths, totals: NONE }, 80);
  story
    .publish('1', '', 'jobs', ['jobs'])
    .look({ jobs: [1, 0] })
    .look({ jobs: [1, 0] });
  story.look({ jobs: [1, 0] });
  expect(story.state.rows.map(({ verb }) => verb)).toEqual(['publish']);
});

test('what a queue refuses is "not stored": the message that no depth ever included', () => {
  const story = work(0)
    .look({ jobs: [0, 0] })
    .publish('1', '', 'jobs', ['jobs']);
  story
    .look({ jobs: [1, 0] })
    .look({ jobs: [1, 0] })
    .publish('2', '', 'jobs', ['jobs']);
  story.look({ jobs: [1, 0] }).look({ jobs: [1, 0] });
  expect(story.state.rows.at(-1)).toMatchObject({ verb: 'not stored', msg: '2' });
});

test('what is purged left its queue, and was not delivered', () => {
  const story = work(0)
    .look({ jobs: [0, 0] })
    .publish('1', '', 'jobs', ['jobs']);
  story
    .look({ jobs: [1, 0] })
    .look({ jobs: [1, 0] })
    .look({ jobs: [0, 0] })
    .look({ jobs: [0, 0] });
  expect(story.state.rows.at(-1)).toMatchObject({ verb: 'left', mark: 'purged', msg: '1' });
});

const parking = () =>
  new Story().graph({
    exchanges: [{ name: 'dead', type: 'fanout' }],
    queues: [queue('jobs', { dlx: 'dead' }), queue('parked')],
    bindings: [binding('dead', 'parked')],
    consumers: [consumer('jobs', 'w', { prefetch: 1 })],
  });

test('what is gone from the graph stays as a ghost for ten seconds', () => {
  const story = hello().graph({ queues: [] });
  expect(story.state.ghosts.map(({ node }) => node.title)).toEqual(['hello', 'c']);
  story.tell({ k: 'back' }, 9000);
  expect(story.state.ghosts).toHaveLength(2);
  story.tell({ k: 'back' }, 1000);
  expect(story.state.ghosts).toHaveLength(0);
});

test('a node that is down is said once, and at the queue that is there; so is its return', () => {
  const rows = () => story.state.rows.map(({ path }) => path);
  const badges = () => story.state.nodes.map(({ badges }) => badges);
  const queues = [queue('jobs', { node: 'rabbit@b' })];
  const story = new Story().graph({ queues, nodes: ['rabbit@a', 'rabbit@b'] });
  expect(badges()).toEqual([['at b']]);
  story.tell({ k: 'gap', why: 'It is away.' }).graph({ queues, nodes: ['rabbit@a'] });
  story.graph({ queues, nodes: ['rabbit@a'] });
  expect(rows()).toEqual(['It is away.', 'The node b is down.']);
  expect(badges()).toEqual([['b is down']]);
  story.graph({ queues, nodes: ['rabbit@a', 'rabbit@b'] });
  expect(rows().at(-1)).toBe('The node b is there again.');
  expect(badges()).toEqual([['at b']]);
});

test('after a gap nothing is known of what was in the queues', () => {
  const story = work(0)
    .publish('1', '', 'jobs', ['jobs'])
    .tell({ k: 'gap', why: 'Lost the broker.' });
  expect(story.state).toMatchObject({ blind: 'Lost the broker.', depths: {} });
  expect(story.state.copies.size).toBe(0);
});

test('no event changes the state that was there before it', () => {
  const story = parking().look({ jobs: [0, 0], parked: [0, 0] });
  story
    .publish('1', '', 'jobs', ['jobs'])
    .deliver('1', 'jobs', 'w')
    .look({ jobs: [0, 1], parked: [0, 0] });
  story.look({ jobs: [0, 0], parked: [1, 0] }, { rejected: 1 });
  let state: State = initialState();
  for (const event of story.events) {
    const text = JSON.stringify({ ...state, copies: [...state.copies], gaps: [...state.gaps] });
    const next = reduce(state, event);
    expect(JSON.stringify({ ...state, copies: [...state.copies], gaps: [...state.gaps] })).toBe(
      text,
    );
    state = next;
  }
  expect(state).toEqual(story.state);
});

test('a frame is a place for each dot: half of the way is half of the time', () => {
  const story = hello().tell({ k: 'back' }, 5000).publish('m', '', 'hello', ['hello']);
  const start = story.state.flights[0]?.start ?? 0;
  const at = (ms: number) => frame(story.state, start + ms).dots.map(({ kind, at }) => [kind, at]);
  expect(at(-1)).toEqual([]);
  expect(at(125)).toEqual([['publish', 0.5]]);
  expect(at(249)[0]?.[1]).toBeGreaterThan(0.99);
  expect(at(250)).toEqual([['route', 0]]);
  expect(at(600)).toEqual([]);
});

test('a journey that was over before its event was heard is shown once', () => {
  const story = hello().tell({ k: 'back' }, 5000);
  const seen = story.state.seq;
  story.publish('m', '', 'hello', ['hello']);
  const end = story.state.flights[0]?.end ?? 0;
  const kinds = (seq: number) =>
    frame(story.state, end + 100, { playhead: end + 84, seq }).dots.map(({ kind }) => kind);
  expect(kinds(seen)).toEqual(['publish', 'route']);
  expect(kinds(story.state.seq)).toEqual(['route']);
});

test('dots on the same way within 40 ms are one with a count, and keep their events', () => {
  const story = hello().publish('a', '', 'hello', ['hello']).tell({ k: 'back' }, 5000);
  story.t = Math.ceil(story.t / 40) * 40;
  story.publish('b', '', 'hello', ['hello']).publish('c', '', 'hello', ['hello']);
  const { dots } = frame(story.state, story.t + 100);
  expect(dots).toMatchObject([{ kind: 'publish', seqs: [4, 5] }]);
});

const crowd = (count: number) =>
  new Story().graph({
    queues: [queue('jobs')],
    consumers: Array.from({ length: count }, (_, n) => consumer('jobs', `w${n}`)),
    connections: Array.from({ length: count }, (_, n) => ({
      name: `w${n}`,
      program: `consumer/02-work-queue on ${n}`,
      node: '',
      publishes: false,
    })),
  });
const consumersOf = ({ state }: Story) =>
  state.nodes.filter(({ kind }) => kind === 'consumer').map(({ title }) => title);

test('more than three consumers that are alike are one box with their number, and lose no dot', () => {
  expect(consumersOf(crowd(3))).toEqual(Array(3).fill('02-work-queue'));
  const story = crowd(10);
  expect(consumersOf(story)).toEqual(['02-work-queue ×10']);
  story.publish('1', '', 'jobs', ['jobs']).deliver('1', 'jobs', 'w7');
  const [leg] = story.state.flights.at(-1)?.legs ?? [];
  const edges = story.state.edges.map(({ id }) => id);
  expect(edges).toContain(leg && 'edge' in leg ? leg.edge : '');
});

test('a crowd that comes together or falls apart leaves no ghosts of those that are there', () => {
  const [few, many] = [crowd(3).state.graph, crowd(4).state.graph];
  const story = new Story().tell({ k: 'graph', graph: few }).tell({ k: 'graph', graph: many });
  expect(consumersOf(story)).toEqual(['02-work-queue ×4']);
  expect(story.state.ghosts).toEqual([]);
  story.tell({ k: 'graph', graph: few });
  expect(consumersOf(story)).toHaveLength(3);
  expect(story.state.ghosts).toEqual([]);
});

const REPLY_TO = 'amq.rabbitmq.reply-to.x';

// As seen on 3.10.8, 4.0.5 and 4.3.6.
test.each([
  ['3.10: no queue is named, and it is counted as dropped', [], false, { dropped: 1 }],
  ['4.0: it is named, and counted as dropped all the same', [REPLY_TO], false, { dropped: 1 }],
  ['4.3: it is named, and delivered', [REPLY_TO], true, {}],
])('an answer by direct reply-to is not dropped. RabbitMQ %s', (_, routed, isTold, counted) => {
  const story = new Story().graph({}).look({});
  story.publish('m', '', REPLY_TO, routed);
  expect(story.state.rows.at(-1)).toMatchObject({
    path: 'p → default exchange → who asked',
    mark: 'direct reply-to: straight to who asked',
  });
  if (isTold) story.deliver('m', REPLY_TO, 'p');
  story.look({}, counted);
  expect(story.kinds).not.toContain('dropped');
  // A message that is dropped after it is told as ever.
  story.publish('n', '', 'nowhere', []).look({}, { dropped: 1 });
  expect(story.state.rows.at(-1)?.mark).toBe('no queue: dropped');
});
