/**
 * A real browser, killed at random moments while one or two of its tabs commit. `TIDEMARK_KILL_ROUNDS=200` makes it long.
 *
 * Chromium itself may lose all that it keeps for a site: killed in the middle of a write it goes on behind the cut record (LevelDB,
 * `reuse_logs`), and calls its files damaged at the start after that. That must be told, and then all begins anew; anything else must hold.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { afterFile } from '../../support/after-file.ts'
import { bundleForBrowser, lacksChromium, servePage } from '../../support/chromium.ts'
import { expectContent, expectReported } from '../../support/kill-check.ts'
import { ExpectedContent } from '../../support/kill-ledger.ts'
import type { InPage } from '../../support/kill-writer-in-page.ts'
import { type MortalChromium, startMortalChromium } from '../../support/mortal-chromium.ts'
import { randomFrom } from '../../support/random-from.ts'

declare const inPage: InPage

/** Each starts a browser, which takes a second or two. */
const rounds = Number(process.env['TIDEMARK_KILL_ROUNDS'] ?? (process.env['CI'] === undefined ? 6 : 20))
const seed = Number(process.env['TIDEMARK_KILL_SEED'] ?? Date.now() % 1_000_000)

interface Commit {
  readonly seq: number
  readonly number: number
  readonly at: number
}

describe.skipIf(lacksChromium)(`a browser that is killed (TIDEMARK_KILL_SEED=${seed}; skipped where Chromium is not installed)`, () => {
  it('keeps every commit that its tabs have reported, whole, and at most one more of each', { timeout: 60_000 + rounds * 10_000 }, async () => {
    const profile = await mkdtemp(join(tmpdir(), 'tidemark-browser-'))
    afterFile(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }))
    const { url } = await servePage(await bundleForBrowser(new URL('../../support/kill-writer-in-page.ts', import.meta.url)))
    const random = randomFrom(seed)
    let content = new ExpectedContent()
    const happened = { commits: 0, unreported: 0, lostByTheBrowser: 0 }
    let before: readonly (readonly [name: string, commits: readonly Commit[]])[] = []
    for (let round = 0; round <= rounds; round += 1) {
      const browser = await startMortalChromium(profile)
      try {
        const page = await openTab(browser, url)
        const where = `round ${round - 1}`
        if (await page.evaluate(() => inPage.toldOfLoss())) {
          happened.lostByTheBrowser += 1
          content = new ExpectedContent()
          expect(await ask(page, 'select name from sqlite_schema'), where).toEqual([])
        } else if (round > 0) {
          expect(await ask(page, 'pragma integrity_check'), where).toEqual([{ integrity_check: 'ok' }])
          const kept = await expectContent((sql) => ask(page, sql), content, where)
          for (const [name, commits] of before) happened.unreported += expectReported({ commits }, name, kept, where)
          happened.commits += kept.length
        }
        if (round === rounds) break
        const tabs = round % 3 === 2 ? [page, await openTab(browser, url)] : [page]
        before = await Promise.all(tabs.map(async (tab, index) => [`${round}.${index}`, await startWriter(tab, `${round}.${index}`)] as const))
        await new Promise((resolve) => { setTimeout(resolve, random() * 400) })
      } finally {
        await browser.kill()
      }
    }
    if (process.env['TIDEMARK_KILL_ROUNDS'] !== undefined) console.log(happened)
    // Else the test has tested nothing.
    expect(happened.commits).toBeGreaterThan(rounds / 4)
  })
})

async function openTab({ context }: MortalChromium, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => 'inPage' in globalThis)
  return page
}

/** Gives what the tab has reported, which grows. */
async function startWriter(page: Page, name: string): Promise<readonly Commit[]> {
  const commits: Commit[] = []
  await page.exposeFunction('report', (seq: number, number: number) => { commits.push({ seq, number, at: Date.now() }) })
  await page.evaluate((writer) => inPage.write(writer), name)
  return commits
}

async function ask(page: Page, sql: string): Promise<readonly object[]> {
  return page.evaluate((text) => inPage.ask(text), sql)
}
