/** The page on adapters: its example is the one that is proven here, and its table is what the engines say. After a change: `npx vitest run test/docs -u`. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storageLaws } from '../../src/storage/laws.ts'
import type { StorageCapabilities } from '../../src/storage/storage.ts'
import { createConsumer, root, type Consumer } from '../package/consumer.ts'
import { roundTripOfTruth } from '../package/right-answers.ts'
import { runtimes } from '../package/runtimes.ts'
import type { InPage } from '../support/browser-storage-in-page.ts'
import { bundleForBrowser, lacksChromium, launchChromium, servePage } from '../support/chromium.ts'
import { engines } from '../support/engines.ts'
import { expectWritten } from './written-parts.ts'

declare const inPage: InPage

const source = (name: string): string => readFileSync(join(root, name), 'utf8')
/** It needs an SQLite that Node 20 has not. */
const node24 = runtimes.find(({ name }) => name === 'Node 24')
const lacksNode = node24?.missing !== undefined && process.env['CI'] === undefined
const why = lacksNode ? ` (skipped: ${node24.missing})` : ''

describe('the adapter of the page', () => {
  let consumer: Consumer

  beforeAll(() => {
    consumer = createConsumer()
    for (const name of ['examples/node-sqlite.mjs', 'examples/node-sqlite.test.mjs', 'examples/round-trip.mjs']) consumer.write(name.replace(/.*\//, ''), source(name))
  }, 60_000)

  afterAll(() => consumer.remove())

  it.skipIf(lacksNode)(`keeps every law that applies${why}`, async () => {
    const program = node24?.program ?? ''
    const { stdout } = await promisify(execFile)(program, ['--test', '--test-reporter=tap', 'node-sqlite.test.mjs'], { cwd: consumer.folder, env: nodeEnvironment() })
    const count = (word: string): number => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(stdout)?.[1])
    expect(count('fail')).toBe(0)
    expect(count('pass') + count('skipped')).toBe(2 * storageLaws.length)
    const [memory, file] = await capabilitiesOfExample(consumer)
    expect(count('pass')).toBe(lawsFor(memory) + lawsFor(file))
  }, 120_000)

  it.skipIf(lacksNode)(`carries a whole Tidemark${why}`, async () => {
    const seen = await inNode24(consumer, `
      import { nodeSqlite } from './node-sqlite.mjs'
      import { roundTrip } from './round-trip.mjs'
      console.log(JSON.stringify(await roundTrip(() => nodeSqlite({ file: './round-trip.db' }))))`)
    expect(seen).toEqual(roundTripOfTruth())
  }, 120_000)

  it.skipIf(lacksNode || lacksChromium)(`stands on the page with what proves it, and a table of what all adapters can do${why}`, async () => {
    const [memory, file] = await capabilitiesOfExample(consumer)
    const rows: [name: string, capabilities: StorageCapabilities][] = []
    for (const { name, open } of engines) rows.push([name, (await withClosed(open())).capabilities])
    rows.splice(2, 0, ['sqljs in a browser', await capabilitiesInPage()])
    rows.push(['the example in memory', memory], ['the example on a file', file])
    await expectWritten('docs/writing-an-adapter.md', {
      'examples/node-sqlite.mjs': codeBlock('examples/node-sqlite.mjs'),
      'examples/node-sqlite.test.mjs': codeBlock('examples/node-sqlite.test.mjs'),
      capabilities: table(rows),
    })
  }, 120_000)
})

function codeBlock(name: string): string {
  return `\`\`\`js\n${source(name)}\`\`\`\n`
}

function table(rows: readonly (readonly [name: string, capabilities: StorageCapabilities])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const yes = (holds: boolean): string => (holds ? 'yes' : 'no')
  return [
    line(['adapter', 'rolls DDL back', 'outlives its process', 'several processes write', 'statements at once', 'full text', 'laws']),
    line(['---', '---', '---', '---', '---', '---', '--:']),
    ...rows.map(([name, can]) => line([
      name, yes(can.transactionalDdl), yes(can.durable), yes(can.sharedWriters), yes(can.concurrentStatements), can.fullText, `${lawsFor(can)} of ${storageLaws.length}`,
    ])),
  ].join('')
}

/** How many laws apply. */
function lawsFor(capabilities: StorageCapabilities): number {
  return storageLaws.filter(({ needs, lacks }) => (needs === undefined || capabilities[needs]) && (lacks === undefined || !capabilities[lacks])).length
}

async function withClosed<T extends AsyncDisposable>(opened: Promise<T>): Promise<T> {
  const storage = await opened
  await storage[Symbol.asyncDispose]()
  return storage
}

async function capabilitiesInPage(): Promise<StorageCapabilities> {
  const { url } = await servePage(await bundleForBrowser(new URL('../support/browser-storage-in-page.ts', import.meta.url)))
  const page = await (await launchChromium()).newPage()
  await page.goto(url)
  await page.waitForFunction(() => 'inPage' in globalThis)
  return page.evaluate(async () => (await inPage.browserSqlite({ name: 'capabilities' })).capabilities)
}

async function capabilitiesOfExample(consumer: Consumer): Promise<readonly [memory: StorageCapabilities, file: StorageCapabilities]> {
  const answer = await inNode24(consumer, `
    import { nodeSqlite } from './node-sqlite.mjs'
    const opened = [await nodeSqlite(), await nodeSqlite({ file: './capabilities.db' })]
    console.log(JSON.stringify(opened.map(({ capabilities }) => capabilities)))
    for (const storage of opened) await storage.close()`)
  return answer as [StorageCapabilities, StorageCapabilities]
}

async function inNode24(consumer: Consumer, script: string): Promise<unknown> {
  consumer.write('script.mjs', script)
  return JSON.parse((await node24?.run?.(consumer, 'script.mjs')) ?? '')
}

/** Else a `node --test` inside a test run takes itself for a part of that run. */
function nodeEnvironment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...rest } = process.env
  return rest
}
