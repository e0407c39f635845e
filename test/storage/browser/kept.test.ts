/** A database that a real browser keeps: reloads, several tabs, killed tabs, no space, and how much a commit writes. */
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { InPage } from '../../support/browser-storage-in-page.ts'
import { bundleForBrowser, lacksChromium, launchChromium, servePage } from '../../support/chromium.ts'

declare const inPage: InPage

describe.skipIf(lacksChromium)('a database that Chromium keeps (skipped where it is not installed)', () => {
  let url: string
  let context: BrowserContext
  let first: Page

  beforeAll(async () => {
    ;({ url } = await servePage(await bundleForBrowser(new URL('../../support/browser-storage-in-page.ts', import.meta.url))))
    context = await (await launchChromium()).newContext()
    first = await openTab(context, url)
  })

  it('has after a reload what was committed, and not what was under way', async () => {
    await run(first, 'reload', ['create table marks (name text)', `insert into marks values ('committed')`])
    await first.evaluate(async () => {
      const storage = await inPage.browserSqlite({ name: 'reload' })
      await new Promise<void>((started) => {
        void storage.transaction(async (tx) => {
          await tx.query({ sql: `insert into marks values ('under way')` })
          started()
          await new Promise(() => {})
        })
      })
    })
    await first.reload()
    await ready(first)
    expect(await rows(first, 'reload', 'select name from marks')).toEqual([{ name: 'committed' }])
  })

  it('is seen by another tab with its next statement, and written by both in turn', async () => {
    const second = await openTab(context, url)
    await run(first, 'tabs', ['create table counter (n integer)', 'insert into counter values (0)'])
    await Promise.all([first, second].map((page) => page.evaluate(async () => {
      const storage = await inPage.browserSqlite({ name: 'tabs' })
      for (let turn = 0; turn < 25; turn += 1) await storage.transaction((tx) => tx.query({ sql: 'update counter set n = n + 1' }))
      await storage.close()
    })))
    for (const page of [first, second]) expect(await rows(page, 'tabs', 'select n from counter')).toEqual([{ n: 50 }])
    await second.close()
  })

  it('is given up by a tab that is killed in the middle of a transaction, and its turn with it', async () => {
    const victim = await openTab(context, url)
    await run(first, 'killed', ['create table marks (name text)'])
    await victim.evaluate(async () => {
      const storage = await inPage.browserSqlite({ name: 'killed' })
      await new Promise<void>((started) => {
        void storage.transaction(async (tx) => {
          await tx.query({ sql: `insert into marks values ('victim')` })
          started()
          await new Promise(() => {})
        })
      })
    })
    expect(await codeOf(first, 'killed', `insert into marks values ('too early')`, 200)).toBe('storage_busy')
    const session = await context.newCDPSession(victim)
    const crashed = new Promise((resolve) => { victim.once('crash', resolve) })
    session.send('Page.crash').catch(() => undefined)
    await crashed
    await run(first, 'killed', [`insert into marks values ('survivor')`])
    expect(await rows(first, 'killed', 'select name from marks')).toEqual([{ name: 'survivor' }])
  })

  it('refuses a commit for which the origin has no space, keeps all earlier ones, and goes on once there is room', async () => {
    // A context of its own: Chromium asks only now and then how much space is left, and trusts that for a while.
    const roomy = await (await launchChromium()).newContext()
    const page = await openTab(roomy, url)
    const session = await roomy.newCDPSession(page)
    await session.send('Storage.overrideQuotaForOrigin', { origin: url, quotaSize: 1_000_000 })
    await run(page, 'full', ['create table files (bytes blob)', 'insert into files values (zeroblob(1000))'])
    const large = 'insert into files values (randomblob(8000000))'
    expect(await page.evaluate(async (sql) => {
      const storage = await inPage.browserSqlite({ name: 'full' })
      const told = await storage.query({ sql }).then(() => undefined, (error: { code: string; why: string; next: string }) => ({ code: error.code, why: error.why, next: error.next }))
      const { rows } = await storage.query({ sql: 'select length(bytes) as size from files' })
      await storage.close()
      return { ...told, rows }
    }, large)).toEqual({
      code: 'storage_unavailable',
      why: 'This site has used up the space that the browser gives it. Nothing of this commit was kept; all earlier ones are there.',
      next: 'Free space on the disk or delete other data of this site, then try again.',
      rows: [{ size: 1000 }],
    })
    await session.send('Storage.overrideQuotaForOrigin', { origin: url })
    await run(page, 'full', [large])
    expect(await rows(page, 'full', 'select length(bytes) as size from files')).toEqual([{ size: 1000 }, { size: 8_000_000 }])
  })

  it('is written one changed page at a time', async () => {
    await run(first, 'pages', [
      'create table items (id integer primary key, body text)',
      `insert into items with recursive c(n) as (select 1 union all select n + 1 from c where n < 5000) select n, hex(zeroblob(200)) from c`,
    ])
    await run(first, 'pages', ['update items set body = 1 where id = 2500'])
    const { all, last } = await pagesOf(first, 'pages')
    expect(all).toBeGreaterThan(400)
    // The one with the row, and the first, which counts commits.
    expect(last).toBe(2)
  })

  it('may become smaller, and change its page size, under another tab', async () => {
    const second = await openTab(context, url)
    await run(first, 'vacuum', [
      'create table items (id integer primary key, body text)',
      `insert into items with recursive c(n) as (select 1 union all select n + 1 from c where n < 2000) select n, hex(randomblob(200)) from c`,
    ])
    const look = [`select count(*) as items, sum(id) as ids, sum(length(body)) as length from items`, 'pragma integrity_check', 'pragma page_size', 'pragma page_count']
    const whole = async (page: Page): Promise<unknown> => page.evaluate(async (statements) => {
      const open = globalThis as { kept?: Awaited<ReturnType<InPage['browserSqlite']>> }
      open.kept ??= await inPage.browserSqlite({ name: 'vacuum' })
      const answers: unknown[] = []
      for (const sql of statements) answers.push(...(await open.kept.query({ sql })).rows)
      return answers
    }, look)
    const items = { items: 2000, ids: 2_001_000, length: 800_000 }
    expect(await whole(second)).toMatchObject([items, { integrity_check: 'ok' }, { page_size: 4096 }, {}])
    await run(first, 'vacuum', ['pragma page_size = 1024', 'vacuum'])
    expect(await whole(second)).toMatchObject([items, { integrity_check: 'ok' }, { page_size: 1024 }, {}])
    await run(second, 'vacuum', ['pragma page_size = 8192', 'vacuum', 'delete from items where id > 10', 'vacuum'])
    const few = { items: 10, ids: 55, length: 4000 }
    for (const page of [first, second]) expect(await whole(page)).toMatchObject([few, { integrity_check: 'ok' }, { page_size: 8192 }, { page_count: 2 }])
    expect(await pagesOf(first, 'vacuum')).toMatchObject({ all: 2 })
    await second.close()
  })

  it('says so when it is deleted while it is open', async () => {
    expect(await first.evaluate(async () => {
      const storage = await inPage.browserSqlite({ name: 'deleted' })
      await storage.query({ sql: 'create table marks (name text)' })
      await new Promise((resolve) => { indexedDB.deleteDatabase('tidemark:deleted').addEventListener('success', resolve) })
      return storage.query({ sql: 'select name from marks' }).then(() => undefined, (error: { code: string }) => error.code)
    })).toBe('storage_unavailable')
    expect(await rows(first, 'deleted', 'select name from sqlite_schema')).toEqual([])
  })
})

describe.skipIf(lacksChromium)('a page without what it takes (skipped where Chromium is not installed)', () => {
  it('is told so, and may still work in memory', async () => {
    const { url } = await servePage(await bundleForBrowser(new URL('../../support/browser-storage-in-page.ts', import.meta.url)))
    const page = await (await launchChromium()).newPage()
    // Not this machine by name, so not a secure context either.
    await page.route('http://tidemark.example/**', async (route) => {
      const response = await fetch(route.request().url().replace('http://tidemark.example', url))
      await route.fulfill({ status: response.status, contentType: response.headers.get('content-type') ?? '', body: Buffer.from(await response.arrayBuffer()) })
    })
    await page.goto('http://tidemark.example/')
    await ready(page)
    expect(await page.evaluate(async () => inPage.browserSqlite({ name: 'insecure' }).then(() => undefined, (error: { code: string }) => error.code))).toBe('storage_open_failed')
    expect(await page.evaluate(async () => (await (await inPage.browserSqlite()).query({ sql: 'select 1 as one' })).rows)).toEqual([{ one: 1 }])
  })
})

async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await ready(page)
  return page
}

async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => 'inPage' in globalThis)
}

/** Statements, on a storage of their own. */
async function run(page: Page, name: string, statements: readonly string[]): Promise<void> {
  await page.evaluate(async ([database, texts]) => {
    const storage = await inPage.browserSqlite({ name: database })
    for (const sql of texts) await storage.query({ sql })
    await storage.close()
  }, [name, statements] as const)
}

async function rows(page: Page, name: string, sql: string): Promise<readonly unknown[]> {
  return page.evaluate(async ([database, text]) => {
    const storage = await inPage.browserSqlite({ name: database })
    const answer = await storage.query({ sql: text })
    await storage.close()
    return answer.rows
  }, [name, sql] as const)
}

async function codeOf(page: Page, name: string, sql: string, waitTimeoutMs: number): Promise<string | undefined> {
  return page.evaluate(async ([database, text, limit]) => {
    const storage = await inPage.browserSqlite({ name: database, waitTimeoutMs: limit })
    const code = await storage.query({ sql: text }).then(() => undefined, (error: { code: string }) => error.code)
    await storage.close()
    return code
  }, [name, sql, waitTimeoutMs] as const)
}

/** How many pages IndexedDB holds, and how many of them the last commit wrote. */
async function pagesOf(page: Page, name: string): Promise<{ readonly all: number; readonly last: number }> {
  return page.evaluate(async (database) => {
    const resultOf = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve) => { request.addEventListener('success', () => resolve(request.result)) })
    const opened = await resultOf(indexedDB.open(`tidemark:${database}`))
    const tx = opened.transaction(['head', 'pages'])
    const { version } = await resultOf<{ version: number }>(tx.objectStore('head').get('head'))
    const counts = { all: await resultOf(tx.objectStore('pages').count()), last: await resultOf(tx.objectStore('pages').index('version').count(version)) }
    opened.close()
    return counts
  }, name)
}
