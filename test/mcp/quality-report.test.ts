import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QualityReport } from '../../src/reports/quality-report.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { madeReport, madeTest } from '../reports/made-report.ts'
import { engineNamed, freshFolder } from '../support/engines.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'
import { call, connect, eras, failingCall, textOf } from './connect.ts'
import { fakeTidemark } from './fake-tidemark.ts'

const tool = 'generate_quality_report'
const simulator = simulatedAccount()
const productIds = simulator.truth.products.map(({ id }) => id)
let tidemark: Tidemark

beforeAll(async () => {
  tidemark = await openOver(simulator, await engineNamed('sqljs memory').open())
  await tidemark.sync()
})
afterAll(() => tidemark.close())

describe('generate_quality_report', () => {
  it.each(eras)('answers a client of the %s era with the report of the library, in snake_case', async (era) => {
    const answer = await call(await connect(tidemark, { era }), tool, { product_ids: productIds, limit: 500 })
    const { summary, byProduct, trend } = await tidemark.reports.quality({ productIds })
    expect(answer['summary']).toMatchObject({ tests: summary.tests, bugs: summary.bugs, bugs_by_outcome: { auto_accepted: summary.bugsByOutcome.autoAccepted }, rejection_rate: summary.rejectionRate, health: { review_rate: summary.health.reviewRate } })
    expect(answer['by_product']).toHaveLength(byProduct.length)
    expect(answer['trend']).toHaveLength(trend.length)
  })

  it('keeps what it is told: scope, thresholds, and nulls where there is nothing', async () => {
    const answer = await call(await connect(tidemark), tool, { product_ids: [productIds[0]], from: '2001', to: '2001', statuses: ['locked'], thresholds: { review_rate: { warning: 0.9 } } })
    expect(answer).toMatchObject({
      scope: { statuses: ['locked'], range: { from: '2001-01-01T00:00:00.000Z', to: '2002-01-01T00:00:00.000Z' }, product_ids: [productIds[0]], test_ids: null },
      thresholds: { review_rate: { warning: 0.9, critical: 0.6 } }, summary: { tests: 0, rejection_rate: null, bugs_per_test: null, health: { rejection_rate: 'unknown' } }, by_test: [],
      warnings: ['No test is in scope: look at the products, the range and the statuses.'], next_cursor: null,
    })
  })

  it('gives every test over its pages, none longer than the limit, and the other blocks once', async () => {
    const client = await connect(tidemark)
    const walked: unknown[] = []
    let cursor: unknown
    do {
      const result = await client.callTool({ name: tool, arguments: { product_ids: productIds, limit: 20, ...(typeof cursor === 'string' ? { cursor } : {}) } })
      expect(textOf(result).length).toBeLessThanOrEqual(40_000)
      const answer = result.structuredContent as Readonly<Record<string, unknown>>
      expect('by_product' in answer).toBe(cursor === undefined)
      walked.push(...(answer['by_test'] as readonly { test_id: number }[]).map(({ test_id }) => test_id))
      expect(answer['truncated'] === true).toBe(answer['next_cursor'] !== null)
      cursor = answer['next_cursor']
    } while (typeof cursor === 'string')
    expect(walked).toEqual((await tidemark.reports.quality({ productIds })).byTest.map(({ testId }) => testId))
  })

  it('cuts by_test at a row where the titles are too long, and goes on behind it', async () => {
    const byTest = Array.from({ length: 50 }, (_, index) => madeTest(index + 1, 'x'.repeat(2000)))
    const asked: unknown[] = []
    const quality = async ({ limit = Infinity, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined }): Promise<QualityReport> => {
      asked.push(limit)
      const from = Number(cursor ?? 0)
      const nextCursor = from + limit < byTest.length ? String(from + limit) : null
      return { ...madeReport({ byProduct: [], scope: { statuses: null, range: { from: null, to: null, field: 'end_at', timeZone: 'UTC' }, productIds: [1], testIds: null }, rejectionReasons: [], topTesters: [], topFeatures: [], platforms: [] }).overview, byTest: byTest.slice(from, from + limit), truncated: nextCursor !== null, nextCursor }
    }
    const client = await connect(fakeTidemark({ quality }))
    const first = await client.callTool({ name: tool, arguments: { product_ids: [1] } })
    const { by_test, next_cursor, truncated, hint } = first.structuredContent as Readonly<Record<string, unknown>> & { by_test: readonly unknown[] }
    expect(textOf(first).length).toBeLessThanOrEqual(40_000)
    expect({ truncated, hint, next_cursor }).toEqual({ truncated: true, hint: 'by_test was cut because of its length: go on with next_cursor.', next_cursor: String(by_test.length) })
    expect(by_test.length).toBeGreaterThan(0)
    expect(asked.length).toBeLessThanOrEqual(3)
  })

  it.each([['markdown', /^# Quality report/u], ['csv', /^test_id,title/u]])('gives %s as text, cut at a line', async (format, beginning) => {
    const { text, truncated } = await call(await connect(tidemark), tool, { product_ids: productIds, format })
    expect(text).toMatch(beginning)
    expect(truncated === true || text === (await whole(format === 'csv' ? 'csv' : 'markdown'))).toBe(true)
    const long = async (): Promise<string> => `${'| cell "quoted"\\ |'.repeat(3)}\n`.repeat(3000)
    const writeQuality: Tidemark['reports']['writeQuality'] = async (_input, _format, sink) => {
      await sink.begin()
      await sink.write(await long())
      return { rows: 1, overview: madeReport().overview }
    }
    const result = await (await connect(fakeTidemark({ writeQuality }))).callTool({ name: tool, arguments: { product_ids: [1], format } })
    expect(textOf(result).length).toBeLessThanOrEqual(40_000)
    expect(result.structuredContent).toMatchObject({ truncated: true, text: expect.stringMatching(/\|\n$/u), hint: expect.stringContaining('save_as') })
  })

  it('saves a report in its folder, and answers where it is and what it holds', async () => {
    const reportsFolder = path.join(await freshFolder(), 'reports')
    const client = await connect(tidemark, { reportsFolder })
    for (const name of ['review.html', 'review.md', 'review.csv', 'review.json']) {
      const answer = await call(client, tool, { product_ids: productIds, save_as: name })
      const file = path.join(reportsFolder, name)
      const content = await readFile(file)
      expect(answer).toEqual({
        uri: `testio://report/${name}`, path: file, bytes: (await stat(file)).size, sha256: createHash('sha256').update(content).digest('hex'), rows: (await tidemark.reports.quality({ productIds })).summary.tests,
      })
    }
    expect((await readdir(reportsFolder)).toSorted()).toEqual(['review.csv', 'review.html', 'review.json', 'review.md'])
    expect(await failingCall(client, tool, { product_ids: productIds, save_as: 'review.md' })).toEqual([
      'Cannot write the file', 'A file of that name is already there, and is left as it is.', expect.stringContaining('Give another name'),
    ])
  })

  it.each(['../review.md', '/tmp/review.md', 'a/b.md', 'review.exe'])('saves nothing as %s, and names no path', async (save_as) => {
    const reportsFolder = await freshFolder()
    const lines = await failingCall(await connect(tidemark, { reportsFolder }), tool, { product_ids: productIds, save_as })
    expect(lines).toHaveLength(3)
    expect(lines.join('\n')).not.toContain(reportsFolder)
    expect(await readdir(reportsFolder)).toEqual([])
  })

  it('is there on a read-only server, where it answers and saves nothing', async () => {
    const reportsFolder = await freshFolder()
    const client = await connect(tidemark, { readOnly: true, reportsFolder })
    const { tools } = await client.listTools()
    expect(tools.find(({ name }) => name === tool)?.annotations).toEqual({ readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false })
    expect(await call(client, tool, { product_ids: productIds, limit: 1 })).toHaveProperty('summary.tests')
    expect(await failingCall(client, tool, { product_ids: productIds, save_as: 'review.md' })).toContain('This server is read-only and writes no files.')
    expect(await readdir(reportsFolder)).toEqual([])
  })

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no products', { product_ids: [] }, /"product_ids" must be/u],
    ['tests with a range', { product_ids: [1], test_ids: [2], from: '2025' }, /do not go together with a range or statuses/u],
    ['a page with charts in an answer', { product_ids: [1], format: 'html' }, /Give save_as/u],
    ['an unknown argument', { product_ids: [1], product: 1 }, /"product" is not an argument/u],
    ['a file where there is no folder', { product_ids: [1], save_as: 'a.md' }, /has no folder for reports/u],
  ])('refuses %s', async (_what, args, why) => {
    expect((await failingCall(await connect(tidemark), tool, args)).join('\n')).toMatch(why)
  })
})

async function whole(format: 'markdown' | 'csv'): Promise<string> {
  let text = ''
  await tidemark.reports.writeQuality({ productIds }, format, { begin: () => void (text = ''), write: (piece) => void (text += piece) })
  return text
}
