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
    const stop = new AbortController()
    await using account = await serveAccount({ faults: { rules: [{ fault: 'timeout', on: 'GET /bugs?' }] } }, ({ url }) => { if (url.includes('/bugs?')) stop.abort() })
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

describe('the modes of a sync', () => {
  it('hybrid tells what is new, what changed and what is gone', async () => {
    await using account = await serveAccount()
    const env = { ...account.env, TIDEMARK_DATABASE_URL: await freshUrl() }
    await run(['sync'], { env })
    const { truth, change } = account.simulator
    const running = truth.tests.filter(({ status }) => status === 'running')
    const [gone, renamed] = running
    if (gone === undefined || renamed === undefined) throw new Error('The account has too few running tests')
    change.removeTest(gone.id)
    change.renameTest(renamed.id, 'Another title')
    change.addTest(renamed.productId)
    const { code, stdout } = await run(['sync'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Synced\.\n1 new, 1 changed, 1 gone, /)
    expect(stdout).toContain(truth.products.find(({ id }) => id === renamed.productId)?.name.slice(0, 12))
    const withGone = ['tests', '--product-ids', String(gone.productId), '--include-deleted', '--limit', '100']
    const { items } = JSON.parse((await run([...withGone, '--json'], { env })).stdout)
    expect(items.filter((item: { readonly deleted_at: string | null }) => item.deleted_at !== null)).toMatchObject([{ id: gone.id }])
    expect((await run(withGone, { env })).stdout).toMatch(new RegExp(`^ +ID .* Gone since$[^]*^${gone.id} .* \\d{4}-\\d\\d-\\d\\d$`, 'm'))
  })

  it('rebuild puts a fresh copy in the place of the old one', async () => {
    await using account = await serveAccount()
    const env = { ...account.env, TIDEMARK_DATABASE_URL: await freshUrl() }
    await run(['sync'], { env })
    const [test] = account.simulator.truth.tests
    account.simulator.change.removeTest(test?.id ?? 0)
    const { code, stdout } = await run(['sync', '--mode', 'rebuild', '--json'], { env })
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'rebuild', outcome: 'success' })
    expect(JSON.parse((await run(['tests', '--json', '--limit', '1'], { env })).stdout).total).toBe(account.simulator.truth.tests.length)
  })

  it('rebuild leaves the old copy alone when it cannot read everything, and says so', async () => {
    await using account = await serveAccount()
    const env = { ...account.env, TIDEMARK_DATABASE_URL: await freshUrl() }
    await run(['sync'], { env })
    const { truth, setFaults } = account.simulator
    setFaults({ deadProducts: [{ id: truth.products[0]?.id ?? 0, status: 403 }] })
    const { code, stdout } = await run(['sync', '--mode', 'rebuild'], { env })
    expect(code).toBe(3)
    expect(stdout).toMatch(/The copy is as it was before: only a complete one takes its place\.\n$/)
    expect(JSON.parse((await run(['tests', '--json', '--limit', '1'], { env })).stdout).total).toBe(truth.tests.length)
  })

  it.each([
    [['--mode', 'rebuild'], { TIDEMARK_PRODUCT_IDS: '1' }, /the configuration limits a sync \(TIDEMARK_PRODUCT_IDS/],
    [['--mode', 'rebuild', '--products', '1'], {}, /A rebuild replaces the whole copy/],
    [['--mode', 'rebuild', '--dry-run'], {}, /A rebuild replaces the whole copy/],
  ])('%j with %j is refused before anything is asked', async (flags, limits, why) => {
    await using account = await serveAccount()
    const { code, stdout, stderr } = await run(['sync', ...flags], { env: { ...account.env, ...limits, TIDEMARK_DATABASE_URL: 'sqlite::memory:' } })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(why)
    expect(account.simulator.requestCount).toBe(0)
  })
})
