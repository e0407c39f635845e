/** The scripts of `examples/`, run as a user runs them: in a project that has installed the package. */
import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSimulator } from '../../src/simulator/simulator.ts'
import type { AccountTruth } from '../../src/simulator/truth.ts'
import { createConsumer, root, type Consumer } from '../package/consumer.ts'

const dayMs = 86_400_000
const executed = ['running', 'locked', 'archived', 'customer_finalized']

let consumer: Consumer

beforeAll(() => {
  consumer = createConsumer()
  for (const name of ['release-gate.mjs', 'own-schema.mjs', 'weekly-report.mjs']) consumer.write(name, readFileSync(join(root, 'examples', name), 'utf8'))
}, 60_000)

afterAll(() => consumer.remove())

describe('the release gate', () => {
  const now = Date.parse('2026-03-02T09:00:00Z')
  const { truth } = createSimulator({ now })

  it.each(truth.products.map(({ id, name }) => ({ id, name })))('says of $name whether it may be released', async ({ id, name }) => {
    const tests = truth.tests.filter(({ productId }) => productId === id)
    const open = bugsOf(truth, tests).filter(({ severity, outcome }) => severity === 'critical' && outcome === 'open')
    const recent = tests.filter(({ status, endAt }) => executed.includes(status) && endAt !== null && Date.parse(endAt) >= now - 90 * dayMs && Date.parse(endAt) < now)
    const rejected = bugsOf(truth, recent).filter(({ outcome }) => outcome === 'rejected').length / bugsOf(truth, recent).length

    const { code, stdout, stderr } = await run('release-gate.mjs', String(id))
    const [verdict, ...reasons] = stdout.trim().split('\n')
    expect(verdict, stderr).toBe(`${name}: ${open.length === 0 ? 'may be released' : 'not yet'}`)
    expect(reasons.slice(0, -1).toSorted()).toEqual(open.map((bug) => `- critical bug ${bug.id} is open: ${JSON.stringify(bug.title)}`).toSorted())
    expect(reasons.at(-1)).toBe(`${recent.length} tests in 90 days; ${Math.round(rejected * 100)} % of bugs rejected.`)
    expect(code).toBe(open.length === 0 ? 0 : 1)
  })

  it('has an account in which both happen', () => {
    const open = truth.products.map(({ id }) => bugsOf(truth, truth.tests.filter(({ productId }) => productId === id)).filter(({ severity, outcome }) => severity === 'critical' && outcome === 'open').length)
    expect(open).toContain(0)
    expect(Math.max(...open)).toBeGreaterThan(0)
  })

  it('explains what it cannot do, and fails', async () => {
    const { code, stderr } = await run('release-gate.mjs', '999')
    expect(stderr.trim().split('\n')).toHaveLength(3)
    expect(code).toBe(2)
  })
})

describe('the schema of its own', () => {
  it.each([['sqlite', './guests.db', 'sqlite'], ['pglite', './guests', 'postgres']])('is migrated on %s, and found migrated the next time', async (engine, place, dialect) => {
    const [first, second] = ['5d0c1e7a9b42', '9e21b7f04c63']
    const found = {
      engine: dialect,
      now: [second],
      guests: [{ id: 1, name: 'Ada', vegetarian: true }, { id: 2, name: 'Grace', vegetarian: false }],
      bookings: [{ guest_id: 1, seats: 4, starts_at: '2026-03-01T19:00:00.000Z' }],
      thirteenSeats: 'check_violated',
      asDeclared: true,
    }
    expect(first).not.toBe(second)
    expect(JSON.parse((await run('own-schema.mjs', engine, place)).stdout)).toEqual({ ...found, before: [], applied: [second] })
    expect(JSON.parse((await run('own-schema.mjs', engine, place)).stdout)).toEqual({ ...found, before: [second], applied: [] })
  })
})

describe('the weekly report', () => {
  it('is written for each product that had tests last week, and for no other', async () => {
    const now = Date.parse('2026-03-09T06:00:00Z')
    const { truth } = createSimulator({ now, seed: 12 })
    const [from, to] = [Date.parse('2026-03-02T00:00:00Z'), Date.parse('2026-03-09T00:00:00Z')]
    const lastWeek = truth.tests.filter(({ status, endAt }) => executed.includes(status) && endAt !== null && Date.parse(endAt) >= from && Date.parse(endAt) < to)
    const reports = truth.products.map(({ id, name }) => ({ id, name, tests: lastWeek.filter(({ productId }) => productId === id) })).filter(({ tests }) => tests.length > 0)
    expect(reports.length).toBeGreaterThan(0)

    const { code, stdout } = await run('weekly-report.mjs', 'reports')
    expect(stdout.trim().split('\n').toSorted()).toEqual(
      reports.map(({ id, name, tests }) => `${name}: tests ${tests.length}, bugs ${bugsOf(truth, tests).length}, reports/2026-03-09-${id}.html`).toSorted())
    expect(code).toBe(0)
    const folder = join(consumer.folder, 'reports')
    expect(readdirSync(folder).filter((file) => file.endsWith('.html')).toSorted()).toEqual(reports.map(({ id }) => `2026-03-09-${id}.html`).toSorted())
    for (const { id, name } of reports) {
      const page = readFileSync(join(folder, `2026-03-09-${id}.html`), 'utf8')
      expect(page).toMatch(/^<!doctype html>/i)
      expect(page.trimEnd()).toMatch(/<\/html>$/)
      expect(page.replaceAll(/&(?:amp|#38);/g, '&')).toContain(name)
    }
  })
})

function bugsOf(truth: AccountTruth, tests: readonly { readonly id: number }[]): AccountTruth['bugs'] {
  const ids = new Set(tests.map(({ id }) => id))
  return truth.bugs.filter(({ testId }) => ids.has(testId))
}

/** Without a token in the environment, so that it asks the simulated account. */
async function run(script: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const { TESTIO_API_TOKEN: _, TIDEMARK_CUSTOMER_ID: __, ...env } = process.env
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [script, ...args], { cwd: consumer.folder, env })) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error) return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) }
    throw error
  }
}
