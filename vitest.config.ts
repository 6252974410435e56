import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: 'test/rules.ts',
    globalSetup: 'test/global-setup.ts',
    // two processes that measure at once would only slow each other down
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    coverage: { include: ['src/**'] },
  },
})
