import { describe, expect, it } from 'vitest'
import { renderCsv } from '../../../src/reports/render/csv.ts'
import { renderJson } from '../../../src/reports/render/json.ts'
import { renderMarkdown } from '../../../src/reports/render/markdown.ts'
import { hostile, madeReport, madeTest, textOf } from '../made-report.ts'

describe('the report as Markdown', () => {
  it('makes no HTML, link, image or cell of a text of strangers', async () => {
    const text = await textOf(renderMarkdown(madeReport()))
    const plain = text.replaceAll(/\\[!-/:-@[-`{-~]/gu, '')
    expect(plain).not.toMatch(/[<>](?! \*\*Note)|\[|\]|`|www\.|:\/\//u)
    const tables = text.split(/\n(?!\|)/u).map((part) => part.split('\n').filter((line) => line.startsWith('|'))).filter((lines) => lines.length > 0)
    expect(tables.length).toBeGreaterThanOrEqual(6)
    for (const lines of tables) expect(new Set(lines.map((line) => line.replaceAll(/\\./gu, '').split('|').length)).size).toBe(1)
  })

  it('says health in words, and a dash where there is nothing to divide by', async () => {
    const text = await textOf(renderMarkdown(madeReport()))
    expect(text).toContain('| Rejection | 15.0 % | **Healthy** (warning ≥ 20 %, critical ≥ 35 %) | rejected, of all bugs |')
    expect(text).toContain('| Auto-acceptance | 41.7 % | **Critical** (warning ≥ 20 %, critical ≥ 40 %) |')
    expect(text).toMatch(/\| 0 \| 0\.0 \| – \| – \| – \|/u)
    expect(text).toContain('- **Tests that ended:** 2026\\-01\\-01 to 2026\\-03\\-31 UTC')
  })
})

describe('the report as CSV', () => {
  it('has a line for each test, whatever its title holds', async () => {
    const text = await textOf(renderCsv(madeReport()))
    const rows = readCsv(text)
    expect(rows).toHaveLength(hostile.length + 1)
    expect(new Set(rows.map((row) => row.length)).size).toBe(1)
    expect(rows[0]?.slice(0, 8)).toEqual(['test_id', 'title', 'product_id', 'status', 'testing_type', 'start_at', 'end_at', 'bugs'])
    expect(rows.slice(1).map(([, title]) => title)).toEqual(hostile.map((title) => (/^[=\-+@]/u.test(title) ? `'${title}` : title)))
  })

  it('has empty cells where there is nothing to divide by', async () => {
    const rows = readCsv(await textOf(renderCsv(madeReport({ byTest: [madeTest(1, 'quiet', 0)] }))))
    expect(Object.fromEntries(rows[0]?.map((name, index) => [name, rows[1]?.[index]]) ?? [])).toMatchObject({ bugs: '0', rejection_rate: '', review_rate: '' })
  })
})

describe('the report as JSON', () => {
  it('is one document in snake_case, with and without tests', async () => {
    const written: unknown = JSON.parse(await textOf(renderJson(madeReport())))
    expect(written).toMatchObject({ summary: { bugs_by_outcome: { auto_accepted: 10 }, health: { auto_acceptance_rate: 'critical' } }, by_product: expect.any(Array), truncated: false, next_cursor: null })
    expect(written).toHaveProperty('by_test.length', hostile.length)
    expect(JSON.parse(await textOf(renderJson(madeReport({ byTest: [] }))))).toHaveProperty('by_test', [])
  })
})

function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gu)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end !== ',') {
      rows.push(row)
      row = []
    }
  }
  return rows
}
