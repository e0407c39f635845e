import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isDeepStrictEqual } from 'node:util'
import { freshFolder, freshPostgresUrl } from '../support/engines.ts'
import { serveAccount, token, type ServedAccount } from './account.ts'
import { run, type Run } from './capture.ts'

const databases: readonly (readonly [name: string, url: () => Promise<string>])[] = [
  ['a SQLite file', async () => `sqlite:${path.join(await freshFolder(), 'copy.db')}`],
  ['PostgreSQL', freshPostgresUrl],
]

describe.each(databases)('with %s', (_name, makeUrl) => {
  let account: ServedAccount
  let url: string
  let env: Readonly<Record<string, string>>
  let sync: Run
  const tidemark = (...argv: readonly string[]) => run(argv, { env })
  const json = async (...argv: readonly string[]) => {
    const { code, stdout, stderr } = await tidemark(...argv, '--json')
    expect([code, stderr]).toEqual([0, ''])
    return JSON.parse(stdout)
  }

  beforeAll(async () => {
    account = await serveAccount()
    url = await makeUrl()
    env = { ...account.env, TIDEMARK_DATABASE_URL: url }
    sync = await tidemark('sync', '--json')
  })
  afterAll(() => account[Symbol.asyncDispose]())

  it('a sync brings everything and answers in JSON on standard output alone', () => {
    const { products, tests, bugs, features, rejectReasons } = account.simulator.truth
    expect(sync.code).toBe(0)
    expect(JSON.parse(sync.stdout)).toMatchObject({
      run_id: 1, mode: 'hybrid', outcome: 'success', changed: 0, quarantined: 0,
      new: products.length + tests.length + bugs.length + features.length + rejectReasons.length,
      steps: expect.arrayContaining([expect.objectContaining({ product_id: products[0]?.id, stream: 'bugs', outcome: 'success', error: null })]),
    })
    expect(sync.stderr).toMatch(/^\d+ % {2}/)
  })

  it('lists agree with the account, in snake_case', async () => {
    const { truth } = account.simulator
    const [product] = truth.products
    const answer = await json('tests', '--product-ids', String(product?.id), '--limit', '100', '--sort-by', 'id')
    const expected = truth.tests.filter((test) => test.productId === product?.id)
    expect(Object.keys(answer)).toEqual(expect.arrayContaining(['items', 'total', 'returned', 'offset', 'has_more', 'next_cursor', 'filters', 'freshness', 'warnings']))
    expect(answer.total).toBe(expected.length)
    expect(new Map(answer.items.map((item: Record<string, unknown>) => [item['id'], item['end_at']]))).toEqual(new Map(expected.map((test) => [test.id, test.endAt])))
    expect(answer.freshness).toMatchObject({ stale: false, incomplete: false })
  })

  it('filters reach the library under their own names', async () => {
    const { truth } = account.simulator
    const wanted = truth.bugs.filter((bug) => bug.outcome === 'rejected' && (bug.severity === 'high' || bug.severity === 'low') && !bug.known)
    const answer = await json('bugs', '--outcomes', 'rejected', '--severities', 'high,low', '--no-known', '--limit', '1')
    expect(answer.total).toBe(wanted.length)
    const stories = await json('features', '--has-user-stories')
    expect(stories.total).toBe(truth.features.filter(({ userStories }) => userStories.length > 0).length)
    const testers = await json('users', '--role', 'tester')
    expect(testers.total).toBe(truth.users.filter(({ role }) => role === 'tester').length)
  })

  it('a page goes on behind the cursor of the one before', async () => {
    const first = await json('products', '--limit', '2')
    const second = await json('products', '--limit', '2', '--cursor', first.next_cursor)
    const names = [...first.items, ...second.items].map(({ name }: { readonly name: string }) => name)
    expect(names).toEqual(account.simulator.truth.products.map(({ name }) => name).toSorted())
    expect(second).toMatchObject({ has_more: false, next_cursor: null })
  })

  it('shows one of each on a page, and in JSON', async () => {
    const { products: [product], tests: [test], bugs: [bug], features: [feature] } = account.simulator.truth
    const { items: [user] } = await json('users', '--limit', '1')
    for (const [command, id] of [['products', product?.id], ['tests', test?.id], ['bugs', bug?.id], ['features', feature?.id], ['users', user.id]]) {
      const { code, stdout, stderr } = await tidemark(String(command), String(id))
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(new RegExp(`^${String(command).replace(/s$/, '')} ${id}: `, 'i'))
      expect(await json(String(command), String(id))).toMatchObject({ id, freshness: { stale: false } })
    }
  })

  it('tables fit 80 columns and have no colours without a terminal', async () => {
    for (const command of ['products', 'tests', 'bugs', 'features', 'users']) {
      const { code, stdout } = await tidemark(command, '--limit', '5')
      expect(code).toBe(0)
      expect(stdout).not.toContain('\x1b')
      expect(Math.max(...stdout.split('\n').filter((line) => !line.startsWith('Next page')).map((line) => line.length))).toBeLessThanOrEqual(80)
      expect(stdout).toMatch(/\n\d.* (products|tests|bugs|features|users)\nData as of /)
    }
  })

  it('status counts what is stored and shows the database without its password', async () => {
    const { truth } = account.simulator
    const status = await json('status')
    expect(status).toMatchObject({
      customer_id: 7,
      database: { at_head: true, counts: { products: truth.products.length, tests: truth.tests.length, bugs: truth.bugs.length, features: truth.features.length, users: truth.users.length } },
      sync: { last_run: { id: 1, outcome: 'success' }, success_rate_24h: 1 },
      problems: [],
    })
    expect((await tidemark('status')).stdout).not.toContain('test-password')
    expect(JSON.stringify(status)).not.toContain('test-password')
  })

  it('a second sync finds nothing new', async () => {
    const { code, stdout } = await tidemark('sync', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'success', new: 0, changed: 0 })
  })

  it('what does not exist ends with exit code 1 and three parts', async () => {
    const { code, stdout, stderr } = await tidemark('tests', '999999999')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^Error: .+\nWhy: {3}.+\nNext: {2}.+\n$/)
  })

  it('answers of another customer hold nothing of this one', async () => {
    const { code, stdout } = await tidemark('bugs', '--customer', '8', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ items: [], total: 0, freshness: { as_of: null, stale: true } })
  })

  it('stands at the newest revision, goes down only when told to lose data, and comes up again', async () => {
    const migrate = await run(['migrate', 'current', '--json', '--database', url])
    const { current, heads, at_head: atHead } = JSON.parse(migrate.stdout)
    expect([isDeepStrictEqual(current, heads), atHead]).toEqual([true, true])
    const refused = await run(['migrate', 'downgrade', 'base', '--database', url])
    expect(refused.code).toBe(5)
    expect(refused.stderr).toMatch(/--yes/)
    const plan = JSON.parse((await run(['migrate', 'downgrade', 'base', '--dry-run', '--json', '--database', url])).stdout)
    expect(plan).toMatchObject({ dry_run: true, from: heads, to: [] })
    const down = await run(['migrate', 'downgrade', 'base', '--yes', '--json', '--database', url])
    expect(down.code).toBe(0)
    expect(JSON.parse(down.stdout)).toMatchObject({ dry_run: false, from: heads, to: [], steps: plan.steps.map(({ revision }: { readonly revision: string }) => ({ revision, direction: 'downgrade' })) })
    expect((await run(['migrate', 'upgrade', '--database', url])).stdout).toMatch(/^Went from an empty database to /)
    expect((await run(['migrate', 'downgrade', '-1', '--database', url])).code).toBe(0)
    expect((await run(['migrate', 'upgrade', '--database', url])).code).toBe(0)
    const history = JSON.parse((await run(['migrate', 'history', '--indicate-current', '--json', '--database', url])).stdout)
    expect(history.revisions.every(({ applied }: { readonly applied: boolean }) => applied)).toBe(true)
  })

  it('never shows the token', () => {
    expect(sync.stdout + sync.stderr).not.toContain(token)
  })
})

// Opening a PGlite folder takes seconds, so its round is short.
it('with a PGlite folder, what one command wrote the next one reads', async () => {
  await using account = await serveAccount()
  const env = { ...account.env, TIDEMARK_DATABASE_URL: `pglite:${path.join(await freshFolder(), 'copy')}` }
  expect((await run(['sync'], { env })).code).toBe(0)
  expect(JSON.parse((await run(['bugs', '--json'], { env })).stdout).total).toBe(account.simulator.truth.bugs.length)
}, 90_000)
