import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../support/engines.ts'
import { serveAccount, type ServedAccount } from './account.ts'
import { run } from './capture.ts'

describe('tidemark search', () => {
  let account: ServedAccount
  let env: Readonly<Record<string, string>>
  const tidemark = (...argv: readonly string[]) => run(argv, { env })
  beforeAll(async () => {
    account = await serveAccount()
    env = { ...account.env, TIDEMARK_DATABASE_URL: `sqlite:${path.join(await freshFolder(), 'copy.db')}` }
    const [test] = account.simulator.truth.tests
    if (test !== undefined) account.simulator.change.renameTest(test.id, 'Zanzibar by night')
    await tidemark('sync')
  })
  afterAll(() => account[Symbol.asyncDispose]())

  it('shows what was found as a table, with its place and its freshness', async () => {
    const { code, stdout } = await tidemark('search', 'zanzibar', 'night')
    expect(code).toBe(0)
    expect(stdout).toContain('Zanzibar by night')
    expect(stdout).toContain('1 result\n')
    expect(stdout).toContain('Data as of')
  })

  it('answers in JSON, in snake_case', async () => {
    const { stdout } = await tidemark('search', '"zanzibar by"', '--entities', 'test,bug', '--json')
    const [test] = account.simulator.truth.tests
    expect(JSON.parse(stdout)).toMatchObject({
      items: [{ entity: 'test', id: test?.id, product_id: test?.productId, title: 'Zanzibar by night', snippet: expect.any(String), score: expect.any(Number) }], total: 1, has_more: false,
    })
  })

  it('finds nothing without failing, and says what to try', async () => {
    for (const text of ['!!!', 'nowhere-to-be-found', '"']) {
      const { code, stdout } = await tidemark('search', text)
      expect([code, stdout.startsWith('No results.')]).toEqual([0, true])
    }
  })

  it('rebuilds its index, which is as it was', async () => {
    const { products, tests, bugs, features } = account.simulator.truth
    const { code, stdout } = await tidemark('search', '--rebuild-index', '--json')
    expect([code, JSON.parse(stdout)]).toEqual([0, { documents: products.length + tests.length + bugs.length + features.length }])
    expect((await tidemark('search', 'zanzibar')).stdout).toContain('Zanzibar by night')
  })

  it('refuses what makes no sense', async () => {
    for (const argv of [['search'], ['search', 'x', '--entities', 'user'], ['search', 'x', '--rebuild-index'], ['search', 'x', '--from', 'whenever']]) {
      const { code, stderr } = await tidemark(...argv)
      expect([code, stderr.split('\n').length > 2], argv.join(' ')).toEqual([2, true])
    }
  })
})
