import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Slow machines must not fail; a hung test still ends.
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
