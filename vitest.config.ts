import { defineConfig } from 'vitest/config';

const PURE = [
  'tests/{backoff,bench,calls,config,layout,overlay,refusal}.test.ts',
  'tests/pages/*.test.ts',
];
const LESSONS = 'tests/{0[2-9],[1-9]?}-*.test.ts';
const DENIED = 'tests/denied.test.ts';
const CLUSTER = 'tests/17-cluster.test.ts';

// The real programs as processes, on the real broker, each test in a vhost of its own.
const ON_A_BROKER = {
  setupFiles: ['tests/wait-for-broker.ts'],
  testTimeout: 90_000,
  sequence: { concurrent: true },
  // By default each test that starts would empty what the spies of those that still run have seen.
  clearMocks: false,
};

export default defineConfig({
  test: {
    // The tests wait more than they work, so more of them run at a time than there are cores.
    maxWorkers: 4,
    // The files share nothing that one could spoil for another, and a fresh worker for each is slow.
    isolate: false,
    // What a test prints is of interest when it fails, and then all of it.
    silent: 'passed-only',
    projects: [
      {
        // The containers of the lab, stopped, killed and started again. The longest; so the first.
        test: {
          name: 'containers',
          include: ['tests/containers/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        // No broker: settings, words, calculations, the layout of the folders.
        test: { name: 'pure', include: PURE, testTimeout: 90_000 },
      },
      {
        // What all lessons stand on, and the first of them.
        test: {
          name: 'lab',
          include: ['tests/*.test.ts'],
          exclude: [...PURE, LESSONS, DENIED],
          ...ON_A_BROKER,
        },
      },
      {
        test: {
          name: 'lessons',
          include: [LESSONS],
          exclude: [CLUSTER],
          ...ON_A_BROKER,
        },
      },
      {
        // On a broker that permits nothing besides. After the others, which are short of time.
        test: { name: 'denied', include: [DENIED], testTimeout: 90_000 },
      },
      {
        // On three nodes, which these tests kill: in a lab of another shape.
        test: {
          name: 'cluster',
          include: [CLUSTER],
          setupFiles: ['tests/wait-for-broker.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
