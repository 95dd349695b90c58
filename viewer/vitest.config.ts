import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      // No broker, no browser: what is worked out from events.
      { test: { name: 'model', include: ['tests/model/*.test.ts'] } },
      {
        // Headless Chromium on the real broker.
        test: {
          name: 'browser',
          include: ['tests/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // One after the other: dots are counted while the processor has time for each.
          fileParallelism: false,
        },
      },
    ],
  },
});
