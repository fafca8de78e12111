import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** They compute, and share nothing that one of them could leave changed: one import of everything for all. */
const PURE = [
  'alert',
  'deployment',
  'endpoint',
  'house',
  'incident',
  'outcome',
  'queue',
  'round',
  'simulation',
  'verdict',
];
const pure = PURE.map((room) => `test/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: pure,
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'unit',
          // Some wait for sockets while others compute.
          maxWorkers: availableParallelism() + 1,
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**', 'test/e2e/**', ...pure],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'whole',
          include: ['test/lab/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // They wait more than they compute.
          maxWorkers: 3,
          // Where one vitest runs both: after the unit tests.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
