import { expect, test } from 'vitest';
import { binding, consumer, queue, Story } from './story.ts';

const parking = (prefetch = 1) =>
  new Story()
    .graph({
      exchanges: [{ name: 'dead', type: 'fanout' }],
      queues: [queue('jobs', { dlx: 'dead' }), queue('parked')],
      bindings: [binding('dead', 'parked')],
      consumers: [consumer('jobs', 'w', { prefetch })],
    })
    .look({ jobs: [0, 0], parked: [0, 0] });
const send = (story: Story, id: string) =>
  story.publish(id, '', 'jobs', ['jobs']).deliver(id, 'jobs', 'w');
const dead = ({ state }: Story) => state.flights.filter(({ kind }) => kind === 'dead');
const verbs = ({ state }: Story) => state.rows.map(({ verb }) => verb);
const deaths = [{ queue: 'jobs', reason: 'rejected', exchange: '', count: 1 }];

test('a dead letter that nobody reads is told by the counters, and its delivery by the header', () => {
  const story = send(parking(), '1').look({ jobs: [0, 1], parked: [0, 0] });
  story.look({ jobs: [0, 0], parked: [1, 0] }, { rejected: 1 });
  expect(dead(story)).toMatchObject([
    { kind: 'dead', proof: 'counted', label: 'rejected', msg: { id: '1' } },
  ]);
  story.look({ jobs: [0, 0], parked: [1, 0] }).look({ jobs: [0, 0], parked: [1, 0] });
  expect(story.state.settled).toEqual({});
  story.deliver('1', 'parked', 'p', { msg: { deaths }, exchange: 'dead' });
  expect(dead(story).at(-1)).toMatchObject({ proof: 'seen' });
});

test('its first delivery tells of it, also where the broker marks it as redelivered', () => {
  const story = send(parking(), '1').look({ jobs: [0, 0], parked: [1, 0] }, { rejected: 1 });
  story.deliver('1', 'parked', 'p', { again: true, msg: { deaths }, exchange: 'dead' });
  expect(story.state.flights.map(({ kind, proof }) => `${kind} ${proof}`)).toContain('dead seen');
  for (let n = 0; n < 3; n++) story.look({ jobs: [0, 0], parked: [0, 1] });
  expect(verbs(story)).toEqual(['publish', 'deliver', 'dead', 'redeliver']);
});

// The events wait for a graph that knows the consumer, so the depths of `parked` come first.
test.each([1, 2])('the depths may tell of it %i looks before the events do', (looks) => {
  const story = parking();
  for (let n = 0; n < looks; n++)
    story.look({ jobs: [0, 0], parked: [1, 0] }, n === 0 ? { rejected: 1 } : {});
  send(story, '1');
  for (let n = 0; n < 3; n++) story.look({ jobs: [0, 0], parked: [1, 0] });
  expect(verbs(story)).toEqual(['publish', 'deliver', 'dead']);
});

test('the two depths may be of different moments, and the counter of a third', () => {
  const story = send(parking(), '1').look({ jobs: [0, 1], parked: [0, 0] });
  story.look({ jobs: [0, 0], parked: [0, 0] });
  story.look({ jobs: [0, 0], parked: [1, 0] }, { rejected: 1 });
  story.look({ jobs: [0, 0], parked: [1, 0] });
  expect(verbs(story)).toEqual(['publish', 'deliver', 'dead']);
});

test('an ack and a message more elsewhere are no dead letter while none is counted', () => {
  const story = send(parking(), '1').look({ jobs: [0, 1], parked: [0, 0] });
  for (let n = 0; n < 3; n++) story.look({ jobs: [0, 0], parked: [1, 0] });
  expect(verbs(story)).toEqual(['publish', 'deliver', 'settled']);
});

test('a dead letter of another vhost holds up an ack for four looks, and no longer', () => {
  const story = send(parking(), '1').look({ jobs: [0, 1], parked: [0, 0] });
  story.look({ jobs: [0, 0], parked: [0, 0] }, { rejected: 1 });
  for (let n = 0; n < 3; n++) story.look({ jobs: [0, 0], parked: [0, 0] });
  expect(verbs(story)).toEqual(['publish', 'deliver']);
  story.look({ jobs: [0, 0], parked: [0, 0] });
  expect(verbs(story)).toEqual(['publish', 'deliver', 'settled']);
});

test('where the worker has the next one already, the one before it is the dead one', () => {
  const story = send(parking(), '1');
  send(story, '2').look({ jobs: [0, 1], parked: [1, 0] }, { rejected: 1 });
  expect(dead(story)).toMatchObject([{ msg: { id: '1' } }]);
});

test('of several that may be the dead one none is named, and its delivery tells', () => {
  const story = parking(2);
  for (const id of ['1', '2']) send(story, id);
  story.look({ jobs: [0, 1], parked: [1, 0] }, { rejected: 1 });
  expect(dead(story)).toMatchObject([{ proof: 'counted' }]);
  expect(dead(story)[0]).not.toHaveProperty('msg');
  story.deliver('2', 'parked', 'p', { msg: { deaths }, exchange: 'dead' });
  for (let n = 0; n < 4; n++) story.look({ jobs: [0, 1], parked: [0, 1] });
  expect(verbs(story).slice(4)).toEqual(['dead', 'deliver']);
});

test('one that died before the watching is delivered as any other, and nothing else is worked out', () => {
  const story = parking().look({ jobs: [0, 0], parked: [1, 0] });
  story.look({ jobs: [0, 0], parked: [1, 0] });
  story.deliver('old', 'parked', 'p', { msg: { deaths }, exchange: 'dead' });
  for (let n = 0; n < 3; n++) story.look({ jobs: [0, 0], parked: [0, 1] });
  send(story, '1').look({ jobs: [0, 1], parked: [0, 1] });
  for (let n = 0; n < 2; n++) story.look({ jobs: [0, 0], parked: [0, 1] });
  expect(verbs(story)).toEqual(['deliver', 'publish', 'deliver', 'settled']);
});

test('a dead letter into two queues is drawn into both, and counts once', () => {
  const story = new Story()
    .graph({
      exchanges: [{ name: 'dead', type: 'fanout' }],
      queues: [queue('jobs', { dlx: 'dead' }), queue('parked'), queue('audit')],
      bindings: [binding('dead', 'parked'), binding('dead', 'audit')],
      consumers: [consumer('jobs', 'w', { prefetch: 1 })],
    })
    .look({ jobs: [0, 0], parked: [0, 0], audit: [0, 0] });
  send(story, '1').look({ jobs: [0, 0], parked: [1, 0], audit: [1, 0] }, { rejected: 1 });
  expect(story.state.rows.slice(2).map(({ path }) => path)).toEqual([
    'jobs → parked',
    'jobs → audit',
  ]);
  expect(story.state.dead).toEqual([]);
});

test('a message that expired and was delivered again elsewhere explains the depths of both queues', () => {
  const story = new Story().graph({
    queues: [queue('jobs'), queue('retry', { dlx: '', dlk: 'jobs', ttl: 1000 })],
    consumers: [consumer('jobs', 'w', { ack: false })],
  });
  const expired = [{ queue: 'retry', reason: 'expired', exchange: '', count: 1 }];
  story.look({ jobs: [0, 0], retry: [0, 0] }).publish('1', '', 'retry', ['retry']);
  story.look({ jobs: [0, 0], retry: [1, 0] }).look({ jobs: [0, 0], retry: [1, 0] });
  story.deliver('1', 'jobs', 'w', { msg: { deaths: expired } });
  story.look({ jobs: [0, 0], retry: [0, 0] }, { expired: 1 });
  for (let n = 0; n < 4; n++) story.look({ jobs: [0, 0], retry: [0, 0] });
  expect(verbs(story)).toEqual(['publish', 'deliver']);
  expect(story.state.dead).toEqual([]);
});

test('a queue that was made since the look before began empty', () => {
  const story = new Story().look({});
  story.graph({
    exchanges: [{ name: 'dead', type: 'fanout' }],
    queues: [queue('jobs', { dlx: 'dead' }), queue('parked')],
    bindings: [binding('dead', 'parked')],
    consumers: [consumer('jobs', 'w', { prefetch: 1 })],
  });
  send(story, '1').look({ jobs: [0, 0], parked: [1, 0] }, { rejected: 1 });
  expect(dead(story)).toMatchObject([{ msg: { id: '1' } }]);
});
