import { expect, test } from 'vitest';
import { audit } from './ledger.ts';
import { judge, type Result } from './result.ts';
import { ROWS } from './rows.ts';

const nothing = audit([], []);

/** An experiment in which the controls have lost, and nobody else has; then changed. */
function result(experiment: string, row = '', change: Partial<typeof nothing> = {}): Result {
  const rows = ROWS.map(({ name, promise }) => {
    const totals = { ...nothing, lost: promise === 'loses' ? 7 : 0 };
    return [name, { totals: name === row ? { ...totals, ...change } : totals, recoveryMs: 1 }];
  });
  const texts = { title: experiment, what: '', version: '4.3.0' };
  return { experiment, ...texts, takes: '', seed: 1, rows: Object.fromEntries(rows) };
}

test('a loss in a row that promises to keep is a fault, unless the fault takes it by itself', () => {
  expect(judge([result('broker-killed', 'quorum', { lost: 1 })])).toEqual([
    expect.stringMatching(/quorum.*: 1 messages are lost/),
  ]);
  const loses = result('poison-message', 'quorum', { lost: 1 });
  expect(judge([{ ...loses, takes: 'all' }])).toEqual([]);
  expect(judge([{ ...loses, takes: 'stream,quorum' }])).toEqual([]);
  expect(judge([{ ...loses, takes: 'classic' }])).toHaveLength(1);
});

test('a control that loses nothing when the broker is killed is a fault', () => {
  expect(judge([result('broker-killed', 'transient', { lost: 0 })])).toHaveLength(1);
  expect(judge([result('broker-paused', 'transient', { lost: 0 })])).toEqual([]);
});

test('a power cut that takes nothing from a stream is a fault, if that is so in each run', () => {
  const takes = { takes: 'stream' };
  const took = { ...result('power-cut', 'stream', { lost: 5 }), ...takes };
  const tookNothing = { ...result('power-cut'), ...takes };
  expect(judge([tookNothing, took])).toEqual([]);
  expect(judge([tookNothing, tookNothing])).toEqual([expect.stringMatching(/stream.*control/)]);
  expect(judge([{ ...tookNothing, version: '3.10' }, took])).toHaveLength(1);
});

test('a producer that is killed with nothing on its way is a fault', () => {
  const rows = ROWS.filter(({ publisher }) => publisher === 'confirmed');
  const killed = result('producer-killed');
  expect(judge([killed])).toHaveLength(rows.length);
  for (const { name } of rows) {
    const { totals } = killed.rows[name] as Result['rows'][string];
    killed.rows[name] = { totals: { ...totals, unknown: 3 }, recoveryMs: 1 };
  }
  expect(judge([killed])).toEqual([]);
});

test('a message that came though it had been returned is a fault', () => {
  expect(judge([result('unroutable', 'classic', { denied: 1 })])).toHaveLength(1);
});

test('a stranger, and a duplicate for no known reason, are faults in every row', () => {
  for (const { name } of ROWS) {
    expect(judge([result('broker-killed', name, { unexpected: 1 })])).toHaveLength(1);
    expect(judge([result('network-cut', name, { unexplained: 1 })])).toHaveLength(1);
  }
});

test('only the consumer that deduplicates must take nothing twice', () => {
  expect(judge([result('broker-killed', 'once', { duplicated: 1 })])).toHaveLength(1);
  expect(judge([result('broker-killed', 'classic', { duplicated: 1 })])).toEqual([]);
});

test('all that is as expected, or was not run, is no fault', () => {
  const notRun: Result = { ...result('power-cut'), rows: {}, notRun: 'no loop device' };
  expect(judge([result('broker-killed'), notRun])).toEqual([]);
});
