import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../vitest.config.ts'
import { mutantsOf, sourceFiles } from './mutants.mjs'
import { places } from './report.mjs'

const here = import.meta.dirname
const names = sourceFiles((process.env.MUTATE ?? 'src/analytics,src/time,src/migrate').split(','))
const { codes, mutants } = await mutantsOf(names)
const first = process.env.ACTIVE === undefined
if (first) {
  // Verdicts on the same mutants add up, so that the test files can be run one after another.
  const same = existsSync(places.mutants) && readFileSync(places.mutants, 'utf8') === JSON.stringify(mutants)
  mkdirSync(dirname(places.mutants), { recursive: true })
  if (!same) {
    rmSync(places.results, { force: true })
    writeFileSync(places.mutants, JSON.stringify(mutants))
  }
}

export default mergeConfig(base, defineConfig({
  root: resolve(here, '..'),
  plugins: [{
    name: 'mutants',
    enforce: 'pre',
    load(id) {
      return codes.get(names.find((name) => resolve(name) === id) ?? '')
    },
  }],
  test: {
    runner: resolve(here, 'runner.mjs'),
    setupFiles: [resolve(here, 'setup.mjs')],
    globalSetup: first ? [resolve(here, 'report.mjs')] : [],
    execArgv: ['--no-warnings'],
    env: { MUTATION_RESULTS: places.results },
    maxWorkers: 1,
    fileParallelism: false,
    dangerouslyIgnoreUnhandledErrors: true,
    hookTimeout: 20_000,
  },
}))
