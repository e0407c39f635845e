import { mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '@modelcontextprotocol/client'
import { dimensionKeys } from '../../src/analytics/dimensions.ts'
import { metricKeys } from '../../src/analytics/metrics.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { schema } from '../../src/model/schema.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { freshFolder } from '../support/engines.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'
import { askedAccount } from './account.ts'
import { call, connect, eras } from './connect.ts'

const kinds = ['product', 'test', 'bug', 'feature', 'user'] as const

let tidemark: Tidemark
let client: Client
beforeAll(async () => {
  ({ client, tidemark } = await askedAccount())
})
afterAll(() => tidemark.close())

async function textAt(uri: string): Promise<string> {
  const { contents } = await client.readResource({ uri })
  expect(contents).toHaveLength(1)
  const [page] = contents
  if (page === undefined || !('text' in page)) throw new Error('no text')
  expect(page.uri).toBe(uri)
  return page.text
}

async function failureAt(uri: string): Promise<{ readonly code: number; readonly message: string; readonly data: unknown }> {
  const failure: unknown = await client.readResource({ uri }).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: -32602 })
  return failure as { readonly code: number; readonly message: string; readonly data: unknown }
}

describe('the resources', () => {
  it.each(eras)('are listed with titles and descriptions, the same in both eras (%s)', async (era) => {
    const other = await connect(tidemark, { era })
    const { resources } = await other.listResources()
    expect(resources.map(({ uri }) => uri)).toStrictEqual(['testio://glossary', 'testio://playbook', 'testio://schema'])
    const { resourceTemplates } = await other.listResourceTemplates()
    expect(resourceTemplates.slice(0, 5).map(({ uriTemplate }) => uriTemplate)).toStrictEqual(kinds.map((kind) => `testio://${kind}/{id}`))
    for (const { title, description, mimeType } of [...resources, ...resourceTemplates]) {
      expect(title).toBeTruthy()
      expect(description).toBeTruthy()
      expect(mimeType).toMatch(/^(text\/markdown|application\/json|text\/plain)$/)
    }
  })

  it('that change with the program only may be kept by everybody, all others by nobody else', async () => {
    const modern = await connect(tidemark, { era: 'modern' })
    const product = (await tidemark.products.list()).items[0]
    expect(await modern.readResource({ uri: 'testio://glossary' })).toMatchObject({ ttlMs: 300_000, cacheScope: 'public' })
    for (const uri of ['testio://playbook', `testio://product/${product?.id}`]) expect(await modern.readResource({ uri })).toMatchObject({ ttlMs: 0, cacheScope: 'private' })
    expect(await modern.listResourceTemplates()).toMatchObject({ ttlMs: 300_000, cacheScope: 'public' })
    expect(await modern.listResources()).toMatchObject({ cacheScope: 'private' })
  })
})

describe('the playbook', () => {
  it('says the thresholds of the contract', async () => {
    const text = await textAt('testio://playbook')
    expect(text).toMatch(/\| rejection_rate \| 0\.2 or more \| 0\.35 or more \|/)
    expect(text).toMatch(/\| auto_acceptance_rate \| 0\.2 or more \| 0\.4 or more \|/)
    expect(text).toMatch(/\| review_rate \| 0\.8 or less \| 0\.6 or less \|/)
  })

  it('says those that the copy was opened with, by which reports judge as well', async () => {
    await using strict = await openOver(simulatedAccount(), await sqljs(), { thresholds: { rejectionRate: { warning: 0.01 }, reviewRate: { warning: 0.95, critical: 0.9 } } })
    const told = await connect(strict)
    const { contents: [page] } = await told.readResource({ uri: 'testio://playbook' })
    expect(page).toMatchObject({ text: expect.stringMatching(/\| rejection_rate \| 0\.01 or more \| 0\.35 or more \|[^]*\| review_rate \| 0\.95 or less \| 0\.9 or less \|/) })
    const judged = { rejection_rate: { warning: 0.01, critical: 0.35 }, auto_acceptance_rate: { warning: 0.2, critical: 0.4 }, review_rate: { warning: 0.95, critical: 0.9 } }
    expect(await call(told, 'generate_quality_report', { product_ids: [1] })).toMatchObject({ thresholds: judged })
    expect(await call(told, 'generate_quality_report', { product_ids: [1], thresholds: { review_rate: { critical: 0.5 } } })).toMatchObject({ thresholds: { ...judged, review_rate: { warning: 0.95, critical: 0.5 } } })
  })
})

describe('the glossary', () => {
  it('has every metric, dimension, outcome and severity', async () => {
    const text = await textAt('testio://glossary')
    for (const word of [...metricKeys, ...dimensionKeys, 'open', 'accepted', 'auto_accepted', 'rejected', 'other']) expect(text).toContain(`| ${word} |`)
    expect(text).toMatch(/running, locked, archived, customer_finalized/)
    expect(text).toMatch(/critical 3, none 0[^|]*critical 5, none 1/)
    expect(text.length).toBeLessThan(20_000)
  })
})

describe('the schema', () => {
  it('has every table and column', async () => {
    const text = await textAt('testio://schema')
    for (const { name, columns } of schema.tables.values()) {
      const section = text.split(`## ${name}\n`)[1]?.split('\n## ')[0] ?? ''
      for (const column of columns) expect(section).toContain(`| ${column.name} |`)
    }
    expect(text).toContain('(customer_id, test_id) refers to tests (customer_id, id).')
    expect(text.length).toBeLessThan(40_000)
  })
})

describe('the page of', () => {
  const lists = { product: 'list_products', test: 'list_tests', bug: 'list_bugs', feature: 'list_features', user: 'list_users' } as const

  it.each(kinds)('a %s is what the library tells of it, as JSON of the same form', async (kind) => {
    const { items } = await tidemark[`${kind}s`].list({ limit: 3 })
    expect(items.length).toBeGreaterThan(0)
    for (const { id } of items) {
      const page = JSON.parse(await textAt(`testio://${kind}/${id}`)) as Record<string, unknown>
      expect(page).toMatchObject({ id, freshness: { stale: false, incomplete: false } })
      expect(page).toStrictEqual(await call(client, `get_${kind}_summary`, { [`${kind}_id`]: id }))
    }
  })

  it.each(kinds)('a %s that is not there is not found, and says where ids are', async (kind) => {
    const { message, data } = await failureAt(`testio://${kind}/999999999`)
    expect(message.split('\n')).toHaveLength(3)
    expect(message).toContain(lists[kind])
    expect(data).toStrictEqual({ uri: `testio://${kind}/999999999` })
  })

  it('a product may have its id percent-encoded', async () => {
    const id = String((await tidemark.products.list()).items[0]?.id)
    const encoded = [...id].map((digit) => `%3${digit}`).join('')
    const { contents } = await client.readResource({ uri: `testio://product/${encoded}` })
    expect(contents[0]).toMatchObject({ text: await textAt(`testio://product/${id}`) })
  })
})

describe('an address', () => {
  it.each([
    'testio://product/', 'testio://product', 'testio://product/abc', 'testio://product/0', 'testio://product/-1', 'testio://product/1e3', 'testio://product/0x10', 'testio://product/1.5',
    'testio://product/99999999999999999999', 'testio://product/1/2', 'testio://product/1?x=1', 'testio://product/1#x', 'testio://product/ 1', 'testio://product/%', 'testio://product/%zz',
    'testio://product/%00', 'testio://product/%31%00', 'testio://product/..%2Ftest%2F1', 'testio://product/%252e%252e', 'testio://../product/1', 'testio://products/1', 'testio:product/1',
    'TESTIO://product/1', 'file:///etc/passwd', 'https://example.com/', 'testio://report/..%2F..%2Fetc%2Fpasswd', 'testio://report/%2e%2e', 'testio://report/a%5Cb', 'testio://report/nothing',
    'testio://glossary/1', 'testio://', '', `testio://product/${'1'.repeat(5000)}`, 'testio://product/\u0661', 'testio://product/1\n', "testio://product/1' or '1'='1",
  ])('that leads nowhere is refused in three lines: %j', async (uri) => {
    const { message } = await failureAt(uri)
    expect(message.split('\n')).toHaveLength(3)
    expect(message).not.toMatch(/\/etc\/|ENOENT|SQLITE|syntax| at .*:\d/)
  })
})

describe('the lists of the protocol', () => {
  it.each([['tools', 'listTools'], ['prompts', 'listPrompts'], ['resource templates', 'listResourceTemplates'], ['resources', 'listResources']] as const)('of %s refuse a cursor that they never gave', async (_what, method) => {
    for (const cursor of ['garbage', '', 'after.', 'after.%zz', '{"offset":1}', 'x'.repeat(5000)]) {
      await expect(client[method]({ cursor })).rejects.toMatchObject({ code: expect.any(Number), message: expect.stringMatching(/^Cannot go on with this list\n.*\n.*$/) })
    }
  })
})

describe('the completion of an address', () => {
  const complete = async (kind: string, value: string) => (await client.complete({ ref: { type: 'ref/resource', uri: `testio://${kind}/{id}` }, argument: { name: 'id', value } })).completion

  it.each(kinds)('of a %s offers ids that begin so', async (kind) => {
    const { items } = await tidemark[`${kind}s`].list({ limit: 100 })
    const prefix = String(items[0]?.id).slice(0, 2)
    const { values } = await complete(kind, prefix)
    expect(values.length).toBeGreaterThan(0)
    expect(values.length).toBeLessThanOrEqual(100)
    expect(values.every((value) => value.startsWith(prefix) && /^\d+$/.test(value))).toBe(true)
    for (const value of values.slice(0, 2)) await textAt(`testio://${kind}/${value}`)
  })

  it('also finds by name', async () => {
    const [product] = (await tidemark.products.list()).items
    expect((await complete('product', product?.name.slice(0, 6) ?? '')).values).toContain(String(product?.id))
  })

  it('of a template that does not exist is refused', async () => {
    await expect(complete('nothing', '1')).rejects.toMatchObject({ code: -32602 })
  })
})

describe('a list of resources longer than a page', () => {
  it('is walked to its end without gaps, also past what has gone meanwhile', async () => {
    const { listPage } = await import('../../adapters/mcp/list-cursor.ts')
    const keys = Array.from({ length: 25 }, (_, index) => `testio://report/ä ${String(index).padStart(2, '0')}`)
    const seen: string[] = []
    let left = keys
    for (let cursor: string | undefined; ; ) {
      const page = listPage(left, (key) => key, cursor, 10)
      seen.push(...page.items)
      if (page.nextCursor === undefined) break
      cursor = page.nextCursor
      left = left.filter((key) => key !== seen.at(-1))
    }
    expect(seen).toStrictEqual(keys)
  })
})

describe('a resource over a store that fails', () => {
  it('says nothing of why', async () => {
    const failing = await connect(() => Promise.reject(new Error('no such file /home/ada/x.db')), { logger: { debug() {}, info() {}, warn() {}, error() {} } })
    await expect(failing.readResource({ uri: 'testio://product/1' })).rejects.toMatchObject({ code: -32603, message: expect.stringMatching(/^Cannot finish the resource\nSomething failed inside the server \(reference [0-9a-f]{8}\)\.\n.*get_server_diagnostics/) })
  })
})

describe('saved reports', () => {
  async function savedReports() {
    const reportsFolder = path.join(await freshFolder(), 'reports')
    const over = await connect(tidemark, { reportsFolder })
    const [product] = (await tidemark.products.list()).items
    const save = (save_as: string) => call(over, 'generate_quality_report', { product_ids: [product?.id], save_as })
    return { reportsFolder, over, save }
  }

  it('are listed and read under the address that the tool gives', async () => {
    const { over, save } = await savedReports()
    expect((await over.listResources()).resources).toHaveLength(3)
    for (const [name, mimeType, start] of [['Q3 review.md', 'text/markdown', /^# /], ['q3.csv', 'text/csv', /^\uFEFF?[\w"]/], ['q3.json', 'application/json', /^\{/], ['q3.html', 'text/html', /^<!doctype html>/i]] as const) {
      const { uri } = await save(name)
      expect(uri).toBe(`testio://report/${encodeURIComponent(name)}`)
      expect((await over.listResources()).resources).toContainEqual(expect.objectContaining({ uri, name, mimeType }))
      expect((await over.readResource({ uri: String(uri) })).contents).toStrictEqual([{ uri, mimeType, text: expect.stringMatching(start) }])
    }
    const { completion } = await over.complete({ ref: { type: 'ref/resource', uri: 'testio://report/{name}' }, argument: { name: 'name', value: 'Q3' } })
    expect(completion.values).toStrictEqual(['Q3 review.md', 'q3.csv', 'q3.html', 'q3.json'])
  })

  it('are not what a link leads to, what is hidden, in another folder, or of another kind', async () => {
    const { reportsFolder, over, save } = await savedReports()
    await save('own.md')
    const secret = path.join(path.dirname(reportsFolder), 'secret.md')
    await writeFile(secret, 'secret')
    await symlink(secret, path.join(reportsFolder, 'link.md'))
    await mkdir(path.join(reportsFolder, 'folder.md'))
    for (const name of ['.hidden.md', 'tidemark.db', 'notes.txt', 'a\u202Eb.md']) await writeFile(path.join(reportsFolder, name), 'secret')
    expect((await over.listResources()).resources.map(({ uri }) => uri).filter((uri) => uri.includes('report'))).toStrictEqual(['testio://report/own.md'])
    for (const name of ['link.md', 'folder.md', '.hidden.md', 'tidemark.db', 'notes.txt', '%2e%2e%2fsecret.md', '..%5csecret.md', 'own.md%00']) {
      await expect(over.readResource({ uri: `testio://report/${name}` })).rejects.toMatchObject({ code: -32602, message: expect.not.stringContaining(path.dirname(reportsFolder)) })
    }
  })
})
