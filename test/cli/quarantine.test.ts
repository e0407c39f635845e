import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../support/engines.ts'
import { serveAccount } from './account.ts'
import { run } from './capture.ts'

/** An account whose newest test of one product cannot be read, and a copy of it. */
async function poisoned() {
  const account = await serveAccount()
  const env: Readonly<Record<string, string>> = { ...account.env, TIDEMARK_DATABASE_URL: `sqlite:${path.join(await freshFolder(), 'copy.db')}` }
  const [test] = account.simulator.truth.tests.filter(({ endAt }) => endAt !== null)
  if (test === undefined) throw new Error('The account has no tests')
  account.simulator.setFaults({ poisonedTests: [test.id] })
  expect((await run(['sync'], { env })).code).toBe(3)
  return { account, env, productId: test.productId }
}

async function listed(env: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const { code, stdout } = await run(['quarantine', 'list', '--json', ...flags], { env })
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

describe('tidemark quarantine', () => {
  it('lists what the API would not give: which record, why, since when, how often and when next', async () => {
    const { account, env, productId } = await poisoned()
    await using _account = account
    expect(await listed(env)).toEqual({
      total: 1,
      items: [{
        product_id: productId, stream: 'tests', key: expect.any(String), entity_id: null, code: 'api_server_error', reason: expect.stringContaining('Status 500'), attempts: 1,
        first_seen_at: expect.stringMatching(/Z$/), last_attempt_at: expect.stringMatching(/Z$/), next_retry_at: expect.stringMatching(/Z$/),
      }],
    })
    const name = account.simulator.truth.products.find(({ id }) => id === productId)?.name
    const { stdout } = await run(['quarantine', 'list'], { env })
    expect(stdout).toMatch(/^Product +Record +Since +Tries +Next try \(UTC\)\n/)
    expect(stdout).toContain(`${name?.slice(0, 10)}`)
    expect(stdout).toMatch(/\n1 record cannot be read\. It is tried again by itself; tidemark quarantine retry\ntries now\.\n/)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('lists only what is of the products that were asked for', async () => {
    const { account, env, productId } = await poisoned()
    await using _account = account
    const other = account.simulator.truth.products.find(({ id }) => id !== productId)?.id
    expect((await listed(env, '--products', String(productId))).total).toBe(1)
    expect(await listed(env, '--products', String(other))).toEqual({ items: [], total: 0 })
    expect((await run(['quarantine', 'list', '--products', String(other)], { env })).stdout).toBe('Nothing is in quarantine.\n')
  })

  it('retry ends with 3 as long as something cannot be read, and counts the try', async () => {
    const { account, env } = await poisoned()
    await using _account = account
    const { code, stdout } = await run(['quarantine', 'retry', '--json'], { env })
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ tried: 1, left: 1, items: [{ attempts: 2 }], sync: { outcome: 'partial', quarantined: 1 } })
  })

  it('retry brings what can be read again, and ends with 0', async () => {
    const { account, env } = await poisoned()
    await using _account = account
    account.simulator.setFaults({})
    const { code, stdout } = await run(['quarantine', 'retry'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Synced\.\n[^]*1 new[^]*Nothing is in quarantine\.\n$/)
    expect(JSON.parse((await run(['tests', '--json', '--limit', '1'], { env })).stdout).total).toBe(account.simulator.truth.tests.length)
    expect(await run(['quarantine', 'retry'], { env })).toEqual({ code: 0, stdout: 'Nothing is in quarantine.\n', stderr: '' })
  })

  it('clear forgets, and the next sync finds again what still cannot be read', async () => {
    const { account, env } = await poisoned()
    await using _account = account
    expect((await run(['quarantine', 'clear'], { env })).stdout).toBe('Forgot 1 record. Run tidemark sync to look for it again.\n')
    expect((await listed(env)).total).toBe(0)
    expect(JSON.parse((await run(['quarantine', 'clear', '--json'], { env })).stdout)).toEqual({ cleared: 0 })
    expect((await run(['sync'], { env })).code).toBe(3)
    expect((await listed(env)).total).toBe(1)
  })

  it('needs a token to try, and none to look', async () => {
    const { account, env } = await poisoned()
    await using _account = account
    const without = { ...env, TESTIO_API_TOKEN: '' }
    expect((await listed(without)).total).toBe(1)
    const { code, stderr } = await run(['quarantine', 'retry'], { env: without })
    expect(code).toBe(2)
    expect(stderr).toContain('TESTIO_API_TOKEN')
  })

  it('without a command shows its help as wrong use', async () => {
    const { code, stdout, stderr } = await run(['quarantine'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^Usage: tidemark quarantine/)
  })
})
