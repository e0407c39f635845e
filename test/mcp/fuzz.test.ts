/**
 * Hostile arguments: SQL, paths, addresses and the like in every text that any tool takes, and in `resources/read`. The answer
 * is an answer or three authored lines, comes soon, tells nothing of the inside, and the copy is as it was.
 */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/model/schema.ts'
import type { Tidemark } from '../../src/tidemark.ts'
import { engineNamed, freshFolder, type Engine } from '../support/engines.ts'
import { processorMsOf } from '../support/processor-time.ts'
import { openOver, simulatedAccount } from '../support/simulated-account.ts'
import { connect, keepingLogger, textOf } from './connect.ts'
import { knownIds, toolExamples, type KnownIds } from './tool-examples.ts'

const payloads: readonly string[] = [
  // SQL, of every kind that has broken a server of this sort.
  "'", "''", "';--", "' or '1'='1", "') union select name, sql from sqlite_master --", "1; drop table bugs; --", "'; commit; delete from tests; begin; --", '"; attach database \'/tmp/x.db\' as x; --',
  "x' and (select pg_sleep(5)) is null --", "$$; copy bugs to '/tmp/x'; $$", "'||(select current_setting('data_directory'))||'", '\\\'; select 1 --', '$1', '?1', ':id', '%', '_', '%_\\%', '/*', '--', 'pragma query_only=0', 'E\'\\x27\'',
  // Full-text queries.
  '"', '"unclosed phrase', 'NEAR(a b, 3)', 'title:x', '* OR *', 'a AND NOT', '^a', '(((', '-a', 'pre*', ':*', '!', '&|!', "a <-> b", '{a b}: c',
  // Paths and addresses.
  '../../../etc/passwd', '..\\..\\windows\\win.ini', '/etc/passwd', 'C:\\x', '%2e%2e%2f', '..%00/', 'file:///etc/passwd', 'http://169.254.169.254/latest', 'testio://product/1', '~/.ssh/id_rsa', 'con', '.', '..', './x/../../y', 'a/b', 'a\\b', '\\\\server\\share', 'name\u0000.html', '-rf', '--help',
  // Times.
  '0000-00-00', '9999-12-31', '2025-02-30', '99999 days ago', '-5 days ago', 'last -1 days', 'Q9 2025', '1e309', 'NaN', '2025-07-01T00:00:00+99:99', 'last 99999999999999999999 years',
  // Objects of the language, templates, and odd writing.
  '__proto__', 'constructor', 'toString', '${7*7}', '{{7*7}}', '%s%n', '{"$ne":1}', '[]', 'null', 'undefined', 'true', '0x10', '\u0000', '\uD800', '\u202E', 'İ', 'ﬁ', '👩‍👩‍👧', '\r\n\r\nHTTP/1.1 200', 'x'.repeat(5_000), 'ä'.repeat(499), '('.repeat(499),
]

/** What an error must not tell. */
const inside = /SQLITE|sqlstate|syntax error|no such (table|column)|relation "|near "|unterminated|tsquery|fts5|ENOENT|EACCES|EISDIR|node_modules|\.tsx?:\d|\bat [\w.<>]+ \(|select .* from|\/(etc|tmp|home|root|work|usr)\//i
/** Milliseconds for an answer. */
const soon = 200

describe.each([engineNamed('sqljs memory'), engineNamed('postgres')])('hostile arguments over $name', (engine: Engine) => {
  let tidemark: Tidemark
  let client: Client
  let ids: KnownIds
  /** Around the folder for reports. */
  let place: string
  const logger = keepingLogger()
  beforeAll(async () => {
    tidemark = await openOver(simulatedAccount(), await engine.open())
    await tidemark.sync()
    place = await freshFolder()
    client = await connect(tidemark, { logger, reportsFolder: path.join(place, 'reports') })
    ids = await knownIds(tidemark)
  })
  afterAll(() => tidemark.close())

  it('in every text of every tool leave three lines or an answer, and the copy as it was', async () => {
    const before = await digest(tidemark)
    const { tools } = await client.listTools()
    for (const { name, inputSchema } of tools) {
      const [example = {}] = toolExamples[name]?.(ids) ?? []
      const base = 'limit' in example ? { ...example, limit: 1 } : example
      for (const [argument, property] of Object.entries(inputSchema.properties ?? {})) {
        for (const value of valuesFor(property, payloads)) await expectHarmless(name, { ...base, [argument]: value })
      }
    }
    expect(logger.lines.map((line) => line.slice(0, 300)), 'what only the log should know').toStrictEqual([])
    expect(await digest(tidemark)).toBe(before)
    expect((await readdir(place)).filter((name) => name !== 'reports'), 'what was written outside of the folder').toStrictEqual([])
  })

  it('in the filters of query_metrics, too', async () => {
    const { filters } = tidemark.analytics.capabilities()
    // One in five for each filter, others for the next one.
    for (const [index, key] of filters.entries()) {
      for (const payload of payloads.filter((_, number) => (number + index) % 5 === 0)) {
        await expectHarmless('query_metrics', { metrics: ['bug_count'], filters: { [key]: payload } })
        await expectHarmless('query_metrics', { metrics: ['bug_count'], filters: { [key]: { not: [payload] } } })
      }
    }
    for (const payload of payloads) await expectHarmless('query_metrics', { metrics: ['bug_count'], filters: { [payload]: 1 }, dimensions: ['severity'], drill: { [payload]: payload } })
  })

  it('as addresses of resources are not found, in three lines', async () => {
    const before = await digest(tidemark)
    const addresses = payloads.flatMap((payload) => [payload, `testio://${payload}`, ...['product', 'bug', 'report'].flatMap((kind) => [`testio://${kind}/${payload}`, `testio://${kind}/${encodeURIComponent(payload.replaceAll(/\p{Surrogate}/gu, '?'))}`])])
    for (const uri of addresses) {
      const failure: unknown = await answeredSoon(uri, () => client.readResource({ uri }).then(({ contents }) => contents[0]?.uri, (error: unknown) => error))
      if (typeof failure === 'string') {
        expect(failure).toMatch(/^testio:\/\/(product|bug)\/1$/)
        continue
      }
      expect(failure, uri).toMatchObject({ code: -32602 })
      const { message } = failure as Error
      expect(message.split('\n'), uri).toHaveLength(3)
      expect(message, uri).not.toMatch(inside)
    }
    expect(await digest(tidemark)).toBe(before)
  })

  it('as names of prompts, their arguments and completions leave an answer or three lines', async () => {
    for (const payload of payloads) {
      const tries = [
        client.getPrompt({ name: payload }),
        client.getPrompt({ name: 'triage_test', arguments: { test: payload } }),
        client.getPrompt({ name: 'triage_test', arguments: { [payload]: 'x' } }),
        client.complete({ ref: { type: 'ref/prompt', name: 'triage_test' }, argument: { name: 'test', value: payload } }),
        client.complete({ ref: { type: 'ref/resource', uri: 'testio://bug/{id}' }, argument: { name: payload, value: payload } }),
        client.complete({ ref: { type: 'ref/resource', uri: payload }, argument: { name: 'id', value: '1' } }),
      ]
      for (const result of await Promise.allSettled(tries)) {
        if (result.status === 'fulfilled') continue
        expect(result.reason).toMatchObject({ code: -32602 })
        expect((result.reason as Error).message.split('\n'), payload).toHaveLength(3)
        expect((result.reason as Error).message, payload).not.toMatch(inside)
      }
    }
    expect(logger.lines).toStrictEqual([])
  })

  async function expectHarmless(name: string, args: Record<string, unknown>): Promise<void> {
    const what = `${name} ${JSON.stringify(args).slice(0, 300)}`
    const ask = () => client.callTool({ name, arguments: args })
    // A sync asks the API in any case.
    const result = name === 'sync_data' ? await ask() : await answeredSoon(what, ask)
    if (result.isError !== true) return
    expect(textOf(result).split('\n'), `${what}: ${textOf(result)}`).toHaveLength(3)
    expect(textOf(result), what).not.toMatch(inside)
  }
})

/** The first answer. Asked up to three times, for a pause that is no fault of the question. */
async function answeredSoon<T>(what: string, ask: () => Promise<T>): Promise<T> {
  const answers: T[] = []
  const times: number[] = []
  do times.push(await processorMsOf(async () => answers.push(await ask())))
  while (Math.min(...times) >= soon && times.length < 3)
  expect(Math.min(...times), what).toBeLessThan(soon)
  return answers[0]!
}

/** The payloads in the forms that a schema of an argument can take text in; none for those that take none. */
function valuesFor(property: unknown, texts: readonly string[]): readonly unknown[] {
  if (typeof property !== 'object' || property === null) return []
  if (!('type' in property)) return texts
  if (property.type === 'string') return texts
  if (property.type === 'array') return [...texts.map((text) => [text]), [...texts]]
  if (property.type === 'object') return texts.map((text) => ({ [text]: text }))
  // Numbers and flags: text is refused, one is enough.
  return [texts[0], '1', { a: 1 }, [1], -1, 1.5, 1e300]
}

/** Of all rows of all tables but those in which runs of syncs are written down. */
async function digest(tidemark: Tidemark): Promise<string> {
  const parts: string[] = []
  for (const { name } of schema.tables.values()) {
    if (/^(sync_|leases|settings|quarantine)/.test(name)) continue
    const { rows } = await tidemark.storage.query({ sql: `select * from ${name}` })
    parts.push(name, ...rows.map((row) => JSON.stringify(row)).toSorted())
  }
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(parts.join('\n')))
  return Buffer.from(bytes).toString('hex')
}
