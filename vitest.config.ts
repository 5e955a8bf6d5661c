import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'sources/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts'],
    // The store engine owns one data directory per process, so each file gets a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine takes its time; what comes, comes within a second elsewhere.
    expect: { poll: { timeout: 10_000 } },
  },
});
export default config;
