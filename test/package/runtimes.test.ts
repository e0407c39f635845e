/** The same script on the same package in Node and in Deno: one answer, and the right one. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { createConsumer, root, type Consumer } from './consumer.ts'

const run = promisify(execFile)
const example = readFileSync(join(root, 'examples/library.mjs'), 'utf8')
const runtimes = {
  Node: [process.execPath],
  Deno: [join(root, 'node_modules/.bin/deno'), 'run', '--allow-all', '--no-lock'],
} as const

let consumer: Consumer

beforeAll(() => {
  consumer = createConsumer()
  consumer.write('library.mjs', example)
}, 60_000)

afterAll(() => consumer.remove())

describe('the library example', () => {
  it.each(Object.entries(runtimes))('tells the truth in %s', async (_name, [program, ...flags]) => {
    const { stdout } = await run(program, [...flags, 'library.mjs'], { cwd: consumer.folder, env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' } })
    expect(JSON.parse(stdout)).toEqual(expected())
  }, 120_000)
})

/** What the example has to print, from the truth of the account and by the words of the contract. */
function expected(): unknown {
  const { truth } = createSimulator({ now: Date.parse('2026-03-02T09:00:00Z') })
  const productOf = new Map(truth.tests.map((test) => [test.id, test.productId]))
  const open = truth.bugs.filter((bug) => bug.severity === 'critical' && bug.outcome === 'open')
    .toSorted((a, b) => Date.parse(b.reportedAt) - Date.parse(a.reportedAt) || a.id - b.id)
  return {
    outcome: 'success',
    products: truth.products.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ id, name }) => ({
      name,
      testCount: truth.tests.filter((test) => test.productId === id).length,
      bugCount: truth.bugs.filter((bug) => productOf.get(bug.testId) === id).length,
    })),
    openCriticalBugs: { total: open.length, newest: open.slice(0, 5).map(({ id, title }) => ({ id, title })) },
  }
}
