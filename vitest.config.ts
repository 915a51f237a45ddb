// The suite: files side by side in processes of their own, against one bundle that is built once before them.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // The closing line of the pipeline is made from these numbers.
    reporters: process.env['LEAVERS_TEST_RESULTS']
      ? ['default', ['json', { outputFile: process.env['LEAVERS_TEST_RESULTS'] }]]
      : ['default'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
