import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProgressDisplay } from '../../adapters/cli/progress.ts'
import { progressEstimate } from '../../adapters/cli/progress-estimate.ts'
import { Invocation } from '../../adapters/cli/invocation.ts'
import { freshFolder } from '../support/engines.ts'
import { serveAccount, token } from './account.ts'
import { run, world } from './capture.ts'

async function freshUrl(): Promise<string> {
  return `sqlite:${path.join(await freshFolder(), 'copy.db')}`
}

describe('the exit code of a sync', () => {
  it('is 3 when something in scope could not be read, and the answer says what', async () => {
    await using account = await serveAccount()
    const [product] = account.simulator.truth.products
    account.simulator.setFaults({ deadProducts: [{ id: product?.id ?? 0, status: 403 }] })
    const { code, stdout, stderr } = await run(['sync'], { env: { ...account.env, TIDEMARK_DATABASE_URL: await freshUrl() } })
    expect(code).toBe(3)
    expect(stdout).toMatch(/^Synced, but not everything could be read\./)
    expect(stdout).toMatch(new RegExp(`What went wrong\\n[^]*of product ${product?.id}: `))
    expect(stdout + stderr).not.toContain(token)
  })

  it('is 1 when the token is wrong', async () => {
    await using account = await serveAccount()
    const { code, stdout } = await run(['sync'], { env: { ...account.env, TESTIO_API_TOKEN: 'wrong-but-secret', TIDEMARK_DATABASE_URL: await freshUrl() } })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^The sync failed\./)
    expect(stdout).not.toContain('wrong-but-secret')
  })

  it('is 1 when somebody stops it, and what was read is kept', async () => {
    await using account = await serveAccount()
    account.simulator.setFaults({ rules: [{ fault: 'timeout', on: 'GET /bugs?' }] })
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 1500)
    const env = { ...account.env, TIDEMARK_DATABASE_URL: await freshUrl() }
    const { code, stdout } = await run(['sync', '--json'], { env, signal: stop.signal })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'cancelled' })
    expect(JSON.parse((await run(['products', '--json'], { env })).stdout).total).toBe(3)
  })

  it('is 2 without token and customer, naming both ways to give each', async () => {
    const { code, stdout, stderr } = await run(['sync'], { env: { TIDEMARK_DATABASE_URL: 'sqlite::memory:' } })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^Error: .+\nWhy: {3}2 things are wrong:\n/)
    for (const name of ['--customer N', 'TIDEMARK_CUSTOMER_ID', 'TESTIO_API_TOKEN']) expect(stderr).toContain(name)
  })

  it('is 2 for a time that cannot be understood', async () => {
    await using account = await serveAccount()
    const { code, stderr } = await run(['sync', '--since', 'the day before'], { env: { ...account.env, TIDEMARK_DATABASE_URL: 'sqlite::memory:' } })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Error: .+\nWhy: {3}.+\nNext: {2}.+\n$/)
    expect(account.simulator.requestCount).toBe(0)
  })
})

describe('the scope of a sync', () => {
  it('is that of the flag, else that of TIDEMARK_PRODUCT_IDS, a single id included', async () => {
    await using account = await serveAccount()
    const [first, second] = account.simulator.truth.products.map(({ id }) => id)
    const scopeOf = async (argv: readonly string[]) => {
      const env = { ...account.env, TIDEMARK_PRODUCT_IDS: String(first), TIDEMARK_DATABASE_URL: await freshUrl() }
      const { steps } = JSON.parse((await run(['sync', '--json', ...argv], { env })).stdout)
      return [...new Set(steps.map((step: { readonly product_id: number | null }) => step.product_id))].filter((id) => id !== null)
    }
    expect(await scopeOf([])).toEqual([first])
    expect(await scopeOf(['--products', String(second)])).toEqual([second])
  })

  it('of a dry run is read and not written', async () => {
    await using account = await serveAccount()
    const env = { ...account.env, TIDEMARK_DATABASE_URL: await freshUrl() }
    const dry = await run(['sync', '--dry-run'], { env })
    expect(dry.code).toBe(0)
    expect(dry.stdout).toContain('This was a dry run: nothing was written.')
    expect(JSON.parse((await run(['tests', '--json'], { env })).stdout).total).toBe(0)
  })
})

describe('progress', () => {
  const at = (done: number) => ({ done, total: 10, stream: 'reject_reasons', productId: null, newCount: done, changedCount: 0 }) as const

  it('without a terminal, is a plain line, at most one a second, on standard error', () => {
    const io = world()
    let now = 0
    const display = createProgressDisplay(new Invocation(io), () => now)
    for (now of [0, 200, 999, 1000, 1500, 2100]) display.show(at(now / 100))
    display.stop()
    expect(io.stderr.text.split('\n')).toEqual(['0 of 10  reject reasons: 0 new', '10 of 10  reject reasons: 10 new', '21 of 10  reject reasons: 21 new', ''])
    expect(io.stdout.text).toBe('')
  })

  it('on a terminal, is a bar that goes away and gives the cursor back', () => {
    const io = world({ terminal: 80 })
    const display = createProgressDisplay(new Invocation(io))
    display.show({ ...at(5), stream: 'bugs', productId: 7, changedCount: 3 })
    display.stop()
    expect(io.stderr.text).toMatch(/█{12}░{12} 50 % {2}bugs of product 7: 5 new, 3 changed/)
    expect(io.stderr.text).toMatch(/\x1b\[\?25l[^]*\x1b\[\?25h/)
    expect(io.stdout.text).toBe('')
  })

  it('never goes back, and is complete when everything found is done and not before', () => {
    const estimate = progressEstimate()
    const events = [[1, 2, 'products', null], [2, 2, 'reject_reasons', null], [3, 4, 'features', 1], [4, 4, 'features', 2], [5, 6, 'tests', 1], [6, 6, 'tests', 1], [7, 9, 'bugs', 1], [8, 9, 'tests', 2], [9, 12, 'bugs', 1], [12, 12, 'bugs', 2]] as const
    const shares = events.map(([done, total, stream, productId]) => estimate({ done, total, stream, productId, newCount: 0, changedCount: 0 }))
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.slice(0, 2)).toEqual([0, 0])
    expect(shares.findIndex((share) => share === 1)).toBe(events.length - 1)
  })

  it('that never began leaves nothing behind', () => {
    const io = world({ terminal: 80 })
    createProgressDisplay(new Invocation(io)).stop()
    expect(io.stderr.text).not.toContain('█')
  })
})
