import { defineConfig } from 'vitest/config';

const CLUSTER = 'tests/cluster.test.ts';

export default defineConfig({
  test: {
    projects: [
      // No broker, no browser: what is worked out from events.
      { test: { name: 'model', include: ['tests/model/*.test.ts'], testTimeout: 30_000 } },
      {
        // Headless Chromium on the real broker.
        test: {
          name: 'browser',
          include: ['tests/*.test.ts'],
          exclude: [CLUSTER],
          setupFiles: ['tests/wait-for-broker.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // One after the other: dots are counted while the processor has time for each.
          fileParallelism: false,
        },
      },
      {
        // The same on three nodes, which are killed.
        test: {
          name: 'cluster',
          include: [CLUSTER],
          setupFiles: ['tests/wait-for-broker.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The lab's own programs, photographed: run by viewer/test scenes alone.
        test: {
          name: 'scenes',
          include: ['tests/scenes.ts'],
          setupFiles: ['tests/wait-for-broker.ts'],
        },
      },
      {
        // The picture of the README: run by viewer/test animation alone.
        test: {
          name: 'animation',
          include: ['tests/animation.ts'],
          setupFiles: ['tests/wait-for-broker.ts'],
        },
      },
      {
        // Takes a minute, and asserts little: run by viewer/test cost alone.
        test: {
          name: 'cost',
          include: ['tests/cost.measure.ts'],
          setupFiles: ['tests/wait-for-broker.ts'],
        },
      },
      {
        // Takes minutes: run by viewer/test limits alone.
        test: {
          name: 'limits',
          include: ['tests/limits.measure.ts'],
          setupFiles: ['tests/wait-for-broker.ts'],
        },
      },
    ],
  },
});
