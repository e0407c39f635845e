import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../support/engines.ts'
import { serveAccount, token } from './account.ts'
import { run } from './capture.ts'

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
    expect(stdout).toMatch(new RegExp(`What could not be read\\n[^]*\\(${product?.id}\\): `))
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
