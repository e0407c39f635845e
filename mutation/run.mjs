/** `npm run mutation -- test/time`: the run over these test files. A script of its own, since tools that read package.json would load the configuration, which makes all mutants. */
import { resolve } from 'node:path'
import { startVitest } from 'vitest/node'

const vitest = await startVitest('test', process.argv.slice(2), { config: resolve(import.meta.dirname, 'vitest.config.mjs'), watch: false, testNamePattern: process.env.TESTS })
await vitest.close()
