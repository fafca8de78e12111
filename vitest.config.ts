import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests of these share nothing that one of them could leave changed: everything is imported once for all of a worker's files. */
const SHARING = [
  'alert',
  'api',
  'deployment',
  'endpoint',
  'house',
  'incident',
  'outcome',
  'queue',
  'round',
  'simulation',
  'store',
  'topic',
  'verdict',
];
const sharing = SHARING.map((room) => `test/${room}/**/*.test.ts`);
/** Some wait for sockets while others compute. */
const maxWorkers = availableParallelism() + 1;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'sharing',
          include: sharing,
          isolate: false,
          maxWorkers,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'unit',
          maxWorkers,
          include: ['test/**/*.test.ts'],
          exclude: ['test/lab/**', 'test/e2e/**', ...sharing],
          // Stories of hours, played on a machine that plays several.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'whole',
          include: ['test/lab/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          // A busy machine is slow to make networks of namespaces.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // They wait more than they compute.
          maxWorkers: 3,
          // After the unit tests: what waits for networks is late where others compute, and so are those whose matter is time.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
