/** A browser whose own files were damaged: it deletes what it kept, and the storage must not pass that off as a database that never was. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { afterFile } from '../../support/after-file.ts'
import type { InPage } from '../../support/browser-storage-in-page.ts'
import { bundleForBrowser, lacksChromium, servePage } from '../../support/chromium.ts'
import { startMortalChromium } from '../../support/mortal-chromium.ts'

declare const inPage: InPage

describe.skipIf(lacksChromium)('a database that the browser has lost (skipped where Chromium is not installed)', () => {
  it('is refused once, with what has happened, and can then be made anew', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'tidemark-browser-'))
    afterFile(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }))
    const { url } = await servePage(await bundleForBrowser(new URL('../../support/browser-storage-in-page.ts', import.meta.url)))
    expect(await inBrowser(profile, url, (page) => answers(page, ['create table marks (name text)', `insert into marks values ('kept')`]))).toEqual([[], []])

    await damage(join(profile, 'Default', 'IndexedDB'))

    expect(await inBrowser(profile, url, async (page) => [await answers(page, ['select 1']), await answers(page, ['select name from sqlite_schema', 'create table marks (name text)'])])).toEqual([
      {
        code: 'storage_open_failed',
        message: [
          'Cannot open the database "lost" of this browser',
          'The browser has found its own files damaged, and has deleted all that it kept for this site.',
          'Open it again; it will be empty, and a sync fills it.',
        ].join('\n'),
      },
      [[], []],
    ])
  })
})

/** Starts the browser, and kills it afterwards: a commit needs no goodbye. */
async function inBrowser<T>(profile: string, url: string, work: (page: Page) => Promise<T>): Promise<T> {
  const { context, kill } = await startMortalChromium(profile)
  try {
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForFunction(() => 'inPage' in globalThis)
    return await work(page)
  } finally {
    await kill()
  }
}

/** The rows of each statement, or why the database could not be opened. */
async function answers(page: Page, statements: readonly string[]): Promise<unknown> {
  return page.evaluate(async (texts) => {
    const opened = await inPage.browserSqlite({ name: 'lost' }).catch(({ code, message }: { code: string; message: string }) => ({ code, message }))
    if ('code' in opened) return opened
    const rows: unknown[] = []
    for (const sql of texts) rows.push((await opened.query({ sql })).rows)
    await opened.close()
    return rows
  }, statements)
}

/** One bit, in the middle of the log in which Chromium keeps what was written last. */
async function damage(folder: string): Promise<void> {
  const logs = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.log'))
  expect(logs).toHaveLength(1)
  const path = join(folder, String(logs[0]))
  const bytes = await readFile(path)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  await writeFile(path, bytes)
}
