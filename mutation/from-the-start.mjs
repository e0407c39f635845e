/**
 * The second look: switches a mutant on before any module loads, and starts the tests anew. Reaches what is evaluated once
 * (tables, patterns, schemas, what `beforeAll` opens) and, with STATUSES="at load,survived", what a cache hid from the
 * first run; costs a start of the tests for every mutant. Takes the same MUTATE and test files as the first run.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createVitest } from 'vitest/node'
import { livingMutants, places, print } from './report.mjs'

const statuses = (process.env.STATUSES ?? 'at load').split(',')
process.env.ACTIVE = 'none'
const vitest = await createVitest('test', { config: resolve(import.meta.dirname, 'vitest.config.mjs'), watch: false, reporters: [{}], bail: 1 })
const tests = await vitest.globTestSpecifications(process.argv.slice(2))
for (const mutant of livingMutants().filter(({ status }) => statuses.includes(status))) {
  process.env.ACTIVE = mutant.id
  const { testModules } = await vitest.runTestSpecifications(tests)
  const failed = testModules.find((module) => !module.ok())
  if (failed === undefined) continue
  const results = JSON.parse(readFileSync(places.results, 'utf8'))
  results.killed.push([mutant.id, { by: failed.moduleId, how: 'from the start' }])
  writeFileSync(places.results, JSON.stringify(results))
}
await vitest.close()
print()
