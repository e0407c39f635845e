import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Offers one PostgreSQL server and one prepared PGlite folder; each is made only when a test asks for it.
    globalSetup: ['test/support/postgres-server.ts'],
    setupFiles: ['test/support/after-file.ts'],
    // The files of a worker share modules, and with them the PGlite that took seconds to start.
    isolate: false,
    // Vitest leaves a core free by itself, which on two cores is every other one.
    maxWorkers: '100%',
    // The first PGlite of a test file takes seconds to start, many when all cores are busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
