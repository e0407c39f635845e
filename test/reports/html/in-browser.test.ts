/** The page as a browser shows it: on a desk, on a phone, on paper, in light and in the dark. */
import type { Browser, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { renderHtml } from '../../../src/reports/html/page.ts'
import { lacksChromium, launchChromium } from '../../support/chromium.ts'
import { madeReport, madeTest, month, summary, textOf, type Made } from '../made-report.ts'

const plain: Made = {
  byProduct: [12, 0, 7].map((bugs, index) => ({ productId: index + 1, product: 'Web Shop', ...summary(bugs) })), rejectionReasons: [], topTesters: [], scope: { statuses: ['locked'], range: { from: null, to: null, field: 'end_at', timeZone: 'UTC' }, productIds: [1], testIds: null },
  trend: Array.from({ length: 30 }, (_, index) => month(`${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`, index * 40)),
  byTest: [madeTest(1, 'Checkout')],
}

describe.skipIf(lacksChromium)('the report in Chromium (skipped where none is installed)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })

  async function show(made: Made, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<{ readonly page: Page; readonly heard: readonly string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const heard: string[] = []
    page.on('console', (message) => heard.push(message.text()))
    page.on('pageerror', (error) => heard.push(error.message))
    page.on('dialog', (dialog) => heard.push(dialog.message()))
    page.on('request', (request) => heard.push(request.url()))
    await page.setContent(await textOf(renderHtml(madeReport(made))))
    return { page, heard }
  }

  it.each([1280, 768, 390, 320])('runs nothing, asks for nothing and needs no scrolling sideways at %s pixels, whatever strangers wrote', async (width) => {
    const { page, heard } = await show({}, width)
    expect(heard).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    await page.close()
  })

  it.each(['light', 'dark'] as const)('has texts that stand out from what is behind them, in %s', async (colorScheme) => {
    const { page } = await show(plain, 1280, colorScheme)
    const weak = await page.evaluate(weakTexts)
    expect(weak).toEqual([])
    expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).toContain(colorScheme)
    await page.close()
  })

  it.each([1280, 390])('has labels in its charts that can be read and do not lie on each other, at %s pixels', async (width) => {
    const { page } = await show(plain, width)
    const { overlaps, outside, smallest, charts } = await page.evaluate(lookAtLabels)
    expect({ overlaps, outside, charts }).toEqual({ overlaps: [], outside: [], charts: 4 })
    expect(smallest).toBeGreaterThanOrEqual(10.5)
    await page.close()
  })

  it('prints in light colours, also in the dark', async () => {
    const { page } = await show(plain, 1280, 'dark')
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)')
    expect(await page.evaluate(weakTexts)).toEqual([])
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000)
    await page.close()
  })
})

/** Texts with a contrast below 4.5 to 1. Runs in the page. */
function weakTexts(): readonly string[] {
  const channels = (colour: string): readonly number[] => (colour.match(/[\d.]+/gu) ?? []).map(Number)
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const backgroundOf = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)'
    const { backgroundColor } = getComputedStyle(element)
    return channels(backgroundColor)[3] === 0 ? backgroundOf(element.parentElement) : backgroundColor
  }
  return [...document.querySelectorAll('body *')].flatMap((element) => {
    const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ textContent }) => textContent ?? '').join('').trim()
    if (own === '' || ['title', 'desc'].includes(element.tagName) || element.getClientRects().length === 0) return []
    const { color, fill } = getComputedStyle(element)
    const [a, b] = [luminance(element instanceof SVGElement ? fill : color), luminance(backgroundOf(element))]
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    return contrast >= 4.5 ? [] : [`${own.slice(0, 30)}: ${contrast.toFixed(2)}`]
  })
}

/** Runs in the page. */
function lookAtLabels() {
  const charts = [...document.querySelectorAll('svg.chart')].filter((chart) => chart.getClientRects().length > 0)
  const overlaps: string[] = []
  const outside: string[] = []
  let smallest = Infinity
  for (const chart of charts) {
    const frame = chart.getBoundingClientRect()
    const boxes = [...chart.querySelectorAll('text')].map((text) => {
      const said = text.firstChild?.textContent ?? ''
      const box = text.getBoundingClientRect()
      smallest = Math.min(smallest, (12 * frame.width) / Number(chart.getAttribute('width')))
      if (box.left < frame.left - 3 || box.right > frame.right + 3 || box.bottom > frame.bottom + 3) outside.push(said)
      return { said, box }
    })
    boxes.forEach(({ said, box }, index) => {
      for (const other of boxes.slice(index + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left)
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top)
        if (across > 1 && down > 3) overlaps.push(`${said} / ${other.said}`)
      }
    })
  }
  return { overlaps, outside, smallest, charts: charts.length }
}
