// The suite in three projects: `npm test` runs unit and e2e, CI adds slow by LEAVERS_TESTS=whole. Test files share two processes.
import { defineConfig } from 'vitest/config';

/** Minutes of kills, a browser, an installed package, an organization of thousands: too slow for every `npm test`. */
const slow = [
  'test/{torture,simulate}/**/*.test.ts',
  'test/e2e/jobs/{fortnight,image}.test.ts',
  'test/e2e/reconcile/thousands.test.ts',
  'test/unit/report/views/html.test.ts',
  'test/unit/plan/plan-page.test.ts',
  'test/unit/page/people-page.test.ts',
  'test/contract/pictures.test.ts',
];
/** CI runs the slow tests in the same pass, so that one test can wait while others compute; one of them only `npm run test:slow` has time for. */
const isWhole = process.env['LEAVERS_TESTS'] === 'whole';
const slowest = ['test/e2e/reconcile/thousands.test.ts'];

const project = (name: string, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/{unit,contract,fuzz}/**/*.test.ts'], slow),
      project('e2e', ['test/e2e/**/*.test.ts', ...(isWhole ? slow : [])], isWhole ? slowest : slow),
      project('slow', slow),
    ],
    globalSetup: ['test/support/suite.ts'],
    // `.ci/run` makes its last line from these numbers.
    reporters: process.env['LEAVERS_TEST_RESULTS']
      ? ['default', ['json', { outputFile: process.env['LEAVERS_TEST_RESULTS'] }]]
      : ['default'],
    pool: 'forks',
    isolate: false,
    setupFiles: ['test/support/each-file.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
