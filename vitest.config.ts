import { defineConfig } from 'vitest/config';

const PURE = ['tests/{config,backoff,refusal,layout}.test.ts', 'tests/pages/*.test.ts'];

// What a test prints is of interest when it fails, and then all of it.
const common = { silent: 'passed-only', testTimeout: 60_000 } as const;

// From cheap to dear. The first two run side by side; the last kills the broker, so it comes after.
export default defineConfig({
  test: {
    // The tests wait more than they work, so more of them run at a time than there are cores.
    maxWorkers: 4,
    projects: [
      {
        // No broker: settings, words, calculations, the layout of the folders.
        test: { ...common, name: 'pure', include: PURE },
      },
      {
        // The real programs as processes, on the real broker, each test in a vhost of its own.
        test: {
          ...common,
          name: 'lessons',
          include: ['tests/*.test.ts'],
          exclude: PURE,
          setupFiles: ['tests/wait-for-broker.ts'],
          sequence: { concurrent: true },
        },
      },
      {
        // The containers of the lab, one file after another.
        test: {
          ...common,
          name: 'containers',
          include: ['tests/containers/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
