import { describe, expect, it } from 'vitest'
import { TidemarkError } from '../../../src/errors.ts'
import { fakeTidemark } from '../fake-tidemark.ts'
import { ask, serving } from './serving.ts'

const get = (path: string) => ({ path, method: 'GET', headers: {} })

describe('/healthz', () => {
  it('answers while the process does, whatever the database is like', async () => {
    await using server = await serving(() => Promise.reject(new Error('broken')))
    expect(await ask(server.url, get('/healthz'))).toMatchObject({ status: 200, text: '{"status":"ok"}' })
    expect((await ask(server.url, { path: '/healthz' })).status).toBe(405)
  })
})

describe('/readyz', () => {
  const diagnosed = async (atHead: boolean, databaseOk = true) => {
    const diagnosis = await fakeTidemark().diagnostics()
    return fakeTidemark({ diagnostics: async () => ({ ...diagnosis, database: { ...diagnosis.database, atHead }, checks: [{ name: 'database', ok: databaseOk, detail: '', fix: null }] }) })
  }

  it.each([
    ['a database at head', () => diagnosed(true), 200, 'ready'],
    ['a database that is behind', () => diagnosed(false), 503, 'database_not_at_head'],
    ['a database that cannot be read', () => diagnosed(false, false), 503, 'database_unavailable'],
    ['a database that cannot be opened', () => Promise.reject(new Error('/secret/path is broken')), 503, 'database_unavailable'],
    ['a database that must not be opened as it is', () => Promise.reject(new TidemarkError('database_behind', 'Cannot open', { why: 'It is behind.', next: 'Upgrade.' })), 503, 'database_not_at_head'],
  ] as const)('says of %s what it is', async (_what, open, status, word) => {
    await using server = await serving(open)
    expect(await ask(server.url, get('/readyz'))).toMatchObject({ status, text: JSON.stringify({ status: word }) })
  })

  it('looks again, and at most once a second', async () => {
    let [looks, atHead] = [0, false]
    const diagnosis = await fakeTidemark().diagnostics()
    const diagnostics = async () => {
      looks += 1
      return { ...diagnosis, database: { ...diagnosis.database, atHead } }
    }
    await using server = await serving(fakeTidemark({ diagnostics }))
    const statuses = await Promise.all([1, 2, 3].map(async () => (await ask(server.url, get('/readyz'))).status))
    expect([statuses, looks]).toEqual([[503, 503, 503], 1])
    atHead = true
    await expect.poll(async () => (await ask(server.url, get('/readyz'))).status, { timeout: 3000 }).toBe(200)
    expect(server.lines).toEqual(['Not ready: database_not_at_head', 'Ready again'])
  })

  it('says that the server is stopping', async () => {
    await using server = await serving(fakeTidemark())
    await server.handler.close()
    expect(await ask(server.url, get('/readyz'))).toMatchObject({ status: 503, text: '{"status":"stopping"}' })
    expect(await ask(server.url)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
  })
})
