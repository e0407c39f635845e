/** The page of `examples/browser`, served by its one command and used by a real browser, on a desk and on a phone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { createSimulator } from '../../src/simulator/simulator.ts'
import { root } from '../package/consumer.ts'
import { afterFile } from '../support/after-file.ts'
import { lacksChromium, launchChromium } from '../support/chromium.ts'

const { truth } = createSimulator({ now: Date.parse('2026-03-02T09:00:00Z') })

describe.skipIf(lacksChromium)('the page (skipped where Chromium is not installed)', () => {
  it('syncs the account, shows it, shows it again after a reload, and forgets it when told', async () => {
    const url = await servePage()
    const context = await (await launchChromium()).newContext({ viewport: { width: 1200, height: 900 } })
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()) })
    await page.goto(url)
    await idle(page)
    expect(await page.textContent('#state')).toMatch(/^An empty database/)

    await page.click('#sync')
    await page.waitForSelector('#counts dd')
    await idle(page)
    const shown = await whatIsShown(page)
    expect(shown.counts).toEqual({
      products: truth.products.length, tests: truth.tests.length, features: truth.features.length, bugs: truth.bugs.length,
      'open critical bugs': truth.bugs.filter(({ severity, outcome }) => severity === 'critical' && outcome === 'open').length,
    })
    expect(shown.products).toEqual(truth.products.map(({ name }) => name).toSorted())
    expect(shown.months).toEqual(bugsByMonth())
    expect(shown.bars).toBe(shown.months.flat().filter((cell) => typeof cell === 'number' && cell > 0).length)

    await page.reload()
    await page.waitForSelector('#counts dd')
    await idle(page)
    expect(await whatIsShown(page)).toEqual(shown)
    expect(await page.textContent('#state')).toContain('opened in')

    await page.setViewportSize({ width: 390, height: 844 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)

    await page.click('#forget')
    await page.waitForFunction(() => document.getElementById('state')?.textContent?.startsWith('An empty database'))
    expect(errors).toEqual([])
  })
})

/** Of executed tests, the last 15 months with a row each, and by outcome; the outcomes that occur, in the order of the legend. */
function bugsByMonth(): readonly (readonly (string | number)[])[] {
  const monthOf = new Map(truth.tests.filter(({ status, endAt }) => ['running', 'locked', 'archived', 'customer_finalized'].includes(status) && endAt !== null)
    .map(({ id, endAt }) => [id, endAt?.slice(0, 7) ?? '']))
  const bugs = truth.bugs.flatMap(({ testId, outcome }) => { const month = monthOf.get(testId); return month === undefined ? [] : [{ month, outcome }] })
  const [year = 0, number = 0] = (bugs.map(({ month }) => month).toSorted().at(-1) ?? '').split('-').map(Number)
  const months = Array.from({ length: 15 }, (_, back) => { const all = year * 12 + number - 15 + back; return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}` })
  const outcomes = ['accepted', 'auto_accepted', 'rejected', 'open', 'other'].filter((outcome) => bugs.some((bug) => bug.outcome === outcome && months.includes(bug.month)))
  return months.map((month) => [month, ...outcomes.map((outcome) => bugs.filter((bug) => bug.month === month && bug.outcome === outcome).length)])
}

async function servePage(): Promise<string> {
  const server = spawn(process.execPath, ['examples/browser/serve.mjs'], { cwd: join(root), env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  afterFile(async () => {
    if (server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill()
    await ended
  })
  for await (const line of createInterface({ input: server.stdout })) return line
  throw new Error('The server ended before it was ready')
}

async function idle(page: Page): Promise<void> {
  await page.waitForSelector('#sync:enabled')
}

interface Shown {
  readonly counts: Readonly<Record<string, number>>
  readonly products: readonly string[]
  readonly months: readonly (readonly (string | number)[])[]
  /** Pieces of bars. */
  readonly bars: number
}

async function whatIsShown(page: Page): Promise<Shown> {
  return page.evaluate(() => {
    const texts = (selector: string): string[] => [...document.querySelectorAll(selector)].map((found) => found.textContent ?? '')
    const values = texts('#counts dd')
    return {
      counts: Object.fromEntries(texts('#counts dt').map((label, index) => [label, Number(values[index])])),
      products: texts('#products tbody td:first-child'),
      months: [...document.querySelectorAll('#chart tbody tr')].map((row) => [...row.children].map((cell, index) => (index === 0 ? cell.textContent ?? '' : Number(cell.textContent)))),
      bars: document.querySelectorAll('#chart rect').length,
    }
  })
}
