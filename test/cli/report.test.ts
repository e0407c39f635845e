import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder } from '../support/engines.ts'
import { serveAccount, type ServedAccount } from './account.ts'
import { run, type Run } from './capture.ts'

let account: ServedAccount
let env: Readonly<Record<string, string>>
let product: number
let cwd: string
const tidemark = (...argv: readonly string[]): Promise<Run> => run(argv, { env, cwd })
const report = (...argv: readonly string[]): Promise<Run> => tidemark('report', '--products', String(product), ...argv)

beforeAll(async () => {
  account = await serveAccount()
  env = { ...account.env, TIDEMARK_DATABASE_URL: `sqlite:${path.join(await freshFolder(), 'copy.db')}` }
  cwd = await freshFolder()
  product = account.simulator.truth.products[0]?.id ?? 0
  await tidemark('sync', '--json')
})
afterAll(() => account[Symbol.asyncDispose]())

describe('tidemark report', () => {
  it('shows a summary with health in words, without colours for a program', async () => {
    const { code, stdout, stderr } = await report()
    expect([code, stderr]).toEqual([0, ''])
    for (const part of ['Tests that ended', 'at any time', 'Rejection', 'Auto-acceptance', 'Review', 'Products', 'Months', 'Features with the most bugs', 'Data as of']) expect(stdout).toContain(part)
    expect(stdout).toMatch(/Review +\d+\.\d % +(Healthy|Warning|Critical) +warning ≤ 80 %, critical ≤ 60 %/u)
    expect(stdout).not.toContain('\u001b')
  })

  it('shows health in colours on a terminal, and fits it', async () => {
    const { stdout } = await run(['report', '--products', String(product)], { env, cwd, terminal: 80 })
    expect(stdout).toMatch(/\u001b\[3[123]m(Healthy|Warning|Critical)/u)
    const lines = stdout.replaceAll(/\u001b\[\d+m/gu, '').split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('prints JSON in snake_case with the numbers of the lists', async () => {
    const { stdout } = await report('--json', '--from', '2026', '--to', 'today')
    const answer = JSON.parse(stdout)
    const tests = JSON.parse((await tidemark('tests', '--products', String(product), '--from', '2026', '--to', 'today', '--statuses', 'running,locked,archived,customer_finalized', '--json')).stdout)
    expect(answer.summary.tests).toBe(tests.total)
    expect(answer.by_test).toHaveLength(tests.total)
    expect(answer.scope).toMatchObject({ product_ids: [product], test_ids: null, range: { from: '2026-01-01T00:00:00.000Z', field: 'end_at', time_zone: 'UTC' } })
  })

  it.each([['report.html', /^<!doctype html>/u], ['report.md', /^# Quality report/u], ['report.json', /^\{\n {2}"scope"/u], ['report.csv', /^test_id,title,/u]])('writes %s', async (name, beginning) => {
    const { code, stdout, stderr } = await report('--out', name)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Wrote .*: \d+ tests, \d+ bugs, \d+ KB\.\n$/u)
    expect(await readFile(path.join(cwd, name), 'utf8')).toMatch(beginning)
    expect((await readdir(cwd)).filter((file) => file.endsWith('.tmp'))).toEqual([])
  })

  it('tells programs where the file is, with its digest', async () => {
    const { stdout } = await report('--out', 'for-programs.csv', '--json')
    expect(JSON.parse(stdout)).toEqual({ format: 'csv', path: path.join(cwd, 'for-programs.csv'), bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/u), rows: expect.any(Number) })
  })

  it('leaves a file alone that is there, unless it may overwrite it', async () => {
    await writeFile(path.join(cwd, 'mine.md'), 'mine')
    const { code, stderr } = await report('--out', 'mine.md')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Error: .*\nWhy: .*already there.*\nNext: .*--overwrite/u)
    expect(await readFile(path.join(cwd, 'mine.md'), 'utf8')).toBe('mine')
    expect((await report('--out', 'mine.md', '--overwrite')).code).toBe(0)
    expect(await readFile(path.join(cwd, 'mine.md'), 'utf8')).toMatch(/^# Quality report/u)
  })

  it('takes thresholds as fractions and in percent', async () => {
    const { stdout } = await report('--json', '--threshold', 'rejection_rate=0.01,0.02', '--threshold', 'review=90%, 85%')
    expect(JSON.parse(stdout).thresholds).toEqual({ rejection_rate: { warning: 0.01, critical: 0.02 }, auto_acceptance_rate: { warning: 0.2, critical: 0.4 }, review_rate: { warning: 0.9, critical: 0.85 } })
  })

  it('judges by the thresholds of the configuration, but for those it is given', async () => {
    await writeFile(path.join(cwd, 'strict.config.json'), JSON.stringify({ thresholds: { rejectionRate: { warning: 0.03 }, reviewRate: { warning: 0.99, critical: 0.9 } } }))
    const { stdout } = await report('--json', '--config', 'strict.config.json', '--threshold', 'review_rate=0.7,0.6')
    expect(JSON.parse(stdout).thresholds).toEqual({ rejection_rate: { warning: 0.03, critical: 0.35 }, auto_acceptance_rate: { warning: 0.2, critical: 0.4 }, review_rate: { warning: 0.7, critical: 0.6 } })
    const shown = await run(['report', '--products', String(product)], { env: { ...env, TIDEMARK_THRESHOLDS: 'review=85%,75%' }, cwd })
    expect(shown.stdout).toMatch(/Review .* warning ≤ 85 %, critical ≤ 75 %/u)
  })

  it('names what is not there, and reports on the rest', async () => {
    const { code, stderr, stdout } = await tidemark('report', '--products', `${product},12`, '--format', 'csv')
    expect([code, stderr]).toEqual([0, 'Warning: Product 12 is not in the local copy.\n'])
    expect(stdout.split('\r\n').length).toBeGreaterThan(3)
  })

  it.each<[string, readonly string[], RegExp]>([
    ['tests with a range', ['--tests', '1', '--from', '2025'], /do not go together with a range or statuses/u],
    ['a file whose name says nothing', ['--out', 'report'], /Its name does not tell the format/u],
    ['a file whose name says something else', ['--out', 'report.csv', '--format', 'html'], /The name ends like csv and the format is html/u],
    ['a folder that is not there', ['--out', 'nowhere/report.csv'], /The folder that it should be in does not exist/u],
    ['two formats at once', ['--json', '--format', 'md'], /--json and --format markdown ask for two formats/u],
    ['--overwrite without a file', ['--overwrite'], /--overwrite is about a file/u],
    ['a threshold of no rate', ['--threshold', 'bugs=1,2'], /It must be a rate with two fractions/u],
    ['a threshold above 1', ['--threshold', 'review_rate=80,60'], /with two fractions from 0 to 1/u],
    ['thresholds that cross', ['--threshold', 'review_rate=0.5,0.7'], /The warning of review rate must not be below/u],
    ['a range that is none', ['--from', 'whenever'], /none of the known forms/u],
  ])('refuses %s as wrong use', async (_what, argv, why) => {
    const { code, stdout, stderr } = await report(...argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(why)
  })

  it('refuses to report on nothing', async () => {
    const { code, stderr } = await tidemark('report')
    expect(code).toBe(2)
    expect(stderr).toMatch(/--products/u)
  })
})
