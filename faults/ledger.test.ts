import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audit, type Entry } from './ledger.ts';

const OUTCOMES = ['acknowledged', 'returned', 'nacked', 'unknown'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** What happened to one message: the last word about it, and how often it came. */
interface Fate {
  outcome: Outcome;
  times: number;
}

// A queue that keeps its word: what is acknowledged comes at least once.
const kept: fc.Arbitrary<Fate> = fc
  .record({ outcome: fc.constantFrom(...OUTCOMES), times: fc.nat(3) })
  .map((fate) => (fate.outcome === 'acknowledged' ? { ...fate, times: fate.times + 1 } : fate));
const history = fc.array(kept, { maxLength: 60 });
const someHistory = fc.array(kept, { minLength: 1, maxLength: 60 });

/** The journals of a run in which nothing was cut, its messages numbered from 1. */
function journals(fates: Fate[]): [producer: Entry[], consumer: Entry[]] {
  const producer = fates.flatMap(({ outcome }, index): Entry[] => {
    const id = index + 1;
    const attempted: Entry = { word: 'attempted', id };
    return outcome === 'unknown' ? [attempted] : [attempted, { word: outcome, id }];
  });
  const consumer = fates.flatMap(({ times }, index) => receipts(index + 1, times));
  return [producer, consumer];
}

function receipts(id: number, times: number): Entry[] {
  return Array.from({ length: times }, () => ({ word: 'received', id }));
}

const count = (fates: Fate[], test: (fate: Fate) => boolean) => fates.filter(test).length;

describe('for every run of a queue that keeps its word', () => {
  test('attempted = acknowledged + returned + nacked + unknown', () => {
    fc.assert(
      fc.property(history, (fates) => {
        const totals = audit(...journals(fates));
        const { acknowledged, returned, nacked, unknown } = totals;
        expect(totals.attempted).toBe(fates.length);
        expect(acknowledged + returned + nacked + unknown).toBe(fates.length);
        for (const outcome of OUTCOMES) {
          expect(totals[outcome]).toBe(count(fates, (fate) => fate.outcome === outcome));
        }
      }),
    );
  });

  test('nothing is lost or unexpected, and each delivery is entered once', () => {
    fc.assert(
      fc.property(history, (fates) => {
        const [producer, consumer] = journals(fates);
        const totals = audit(producer, consumer);
        expect(totals).toMatchObject({ lost: 0, unexpected: 0 });
        expect(totals.received + totals.duplicated + totals.unexpected).toBe(consumer.length);
        expect(totals.received).toBe(
          totals.acknowledged - totals.lost + totals.recovered + totals.denied,
        );
        expect(totals.recovered).toBe(
          count(fates, ({ outcome, times }) => outcome === 'unknown' && times > 0),
        );
      }),
    );
  });

  test('the order of the deliveries changes no sum', () => {
    const shuffled = history
      .map((fates) => journals(fates))
      .chain(([producer, consumer]) =>
        fc.tuple(
          fc.constant(producer),
          fc.constant(consumer),
          fc.shuffledSubarray(consumer, { minLength: consumer.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([producer, consumer, otherwise]) => {
        expect(audit(producer, otherwise)).toEqual(audit(producer, consumer));
      }),
    );
  });
});

describe('it catches', () => {
  test('each planted loss', () => {
    const planted = fc.tuple(someHistory, fc.infiniteStream(fc.boolean()));
    fc.assert(
      fc.property(planted, ([fates, coins]) => {
        const robbed = fates.map((fate) => (coins.next().value ? { ...fate, times: 0 } : fate));
        const gone = count(robbed, ({ outcome, times }) => outcome === 'acknowledged' && !times);
        expect(audit(...journals(robbed)).lost).toBe(gone);
      }),
    );
  });

  test('each planted duplicate', () => {
    const planted = fc.tuple(someHistory, fc.nat(), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(planted, ([fates, which, more]) => {
        const [producer, consumer] = journals(fates.map((fate) => ({ ...fate, times: 1 })));
        const id = (which % fates.length) + 1;
        const totals = audit(producer, [...consumer, ...receipts(id, more)]);
        expect(totals).toMatchObject({ duplicated: more, lost: 0, unexpected: 0 });
      }),
    );
  });

  test('each planted stranger', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 5 }), (fates, times) => {
        const [producer, consumer] = journals(fates);
        const totals = audit(producer, [...receipts(fates.length + 1, times), ...consumer]);
        expect(totals.unexpected).toBe(times);
        expect(totals).toEqual({ ...audit(producer, consumer), unexpected: times });
      }),
    );
  });
});

describe('a duplicate is', () => {
  const once: Entry[] = [
    { word: 'attempted', id: 1 },
    { word: 'acknowledged', id: 1 },
  ];
  const received: Entry = { word: 'received', id: 1 };

  test('redelivered if the broker says so', () => {
    const totals = audit(once, [received, { word: 'redelivered', id: 1 }]);
    expect(totals).toMatchObject({ duplicated: 1, redelivered: 1, unexplained: 0 });
  });

  test('redelivered if the consumer lost its connection, or ended, in between', () => {
    for (const word of ['lost', 'started'] as const) {
      const totals = audit(once, [received, { word }, received]);
      expect(totals).toMatchObject({ duplicated: 1, redelivered: 1, unexplained: 0 });
    }
  });

  test('resent if the producer lost its connection before the confirm', () => {
    const cut: Entry[] = [
      { word: 'attempted', id: 1 },
      { word: 'lost' },
      { word: 'acknowledged', id: 1 },
    ];
    expect(audit(cut, [received, received])).toMatchObject({ resent: 1, unexplained: 0 });
  });

  test('resent if the producer published it again after a nack', () => {
    const again: Entry[] = [
      { word: 'attempted', id: 1 },
      { word: 'nacked', id: 1 },
      { word: 'attempted', id: 1 },
      { word: 'acknowledged', id: 1 },
    ];
    const totals = audit(again, [received, received]);
    expect(totals).toMatchObject({ attempted: 1, acknowledged: 1, nacked: 0, resent: 1 });
  });

  test('unexplained if nothing was cut while it was on its way', () => {
    expect(audit(once, [received, received])).toMatchObject({ unexplained: 1 });
    const cutLater: Entry[] = [...once, { word: 'lost' }];
    expect(audit(cutLater, [received, received])).toMatchObject({ unexplained: 1 });
    const endedBefore: Entry[] = [
      { word: 'attempted', id: 1 },
      { word: 'started' },
      { word: 'lost' },
    ];
    expect(audit(endedBefore, [received, received])).toMatchObject({ unexplained: 1 });
  });
});
