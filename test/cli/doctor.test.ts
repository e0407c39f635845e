import { createHash } from 'node:crypto'
import { chmod, copyFile, readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { tidemarkMigrator } from '../../src/migrate/tidemark-migrator.ts'
import { freshFolder, freshPostgresUrl } from '../support/engines.ts'
import { serve } from '../support/http-server.ts'
import { serveAccount, token, type ServedAccount } from './account.ts'
import { run, type Run } from './capture.ts'

const contentOf = async (file: string): Promise<string> => createHash('sha256').update(await readFile(file)).digest('hex')

interface Answer {
  readonly ok: boolean
  readonly summary: Readonly<Record<string, number>>
  readonly checks: readonly { readonly area: string; readonly name: string; readonly status: string; readonly what: string; readonly why: string | null; readonly next: string | null }[]
}

describe('tidemark doctor', () => {
  let account: ServedAccount
  let folder: string
  /** Synced; a test that spoils it takes a copy. */
  let whole: string
  beforeAll(async () => {
    account = await serveAccount()
    folder = await freshFolder()
    whole = path.join(folder, 'whole.db')
    await run(['sync'], { env: envOf(whole) })
  })
  afterAll(() => account[Symbol.asyncDispose]())

  const envOf = (file: string): Readonly<Record<string, string>> => ({ ...account.env, TIDEMARK_DATABASE_URL: `sqlite:${file}` })
  const copy = async (name: string): Promise<string> => {
    const file = path.join(folder, `${name}.db`)
    await copyFile(whole, file)
    return file
  }
  const examined = async (env: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<Answer & { readonly code: number }> => {
    const { code, stdout } = await run(['doctor', '--json', ...flags], { env })
    return { code, ...JSON.parse(stdout) }
  }
  const notInOrder = ({ checks }: Answer): Answer['checks'] => checks.filter(({ status }) => status === 'warning' || status === 'failed')

  it('finds a synced copy in order, and changes neither the file nor what is beside it', async () => {
    const before = [await contentOf(whole), await readdir(folder)]
    const answer = await examined(envOf(whole))
    expect(notInOrder(answer)).toEqual([])
    expect(answer).toMatchObject({ code: 0, ok: true, customer_id: 7, database: `sqlite:${whole}`, summary: { warning: 0, failed: 0 } })
    expect(new Set(answer.checks.map(({ area }) => area))).toEqual(new Set(['versions', 'configuration', 'database', 'derived_data', 'sync', 'api', 'mcp']))
    expect(answer.checks).toContainEqual(expect.objectContaining({ name: 'api', status: 'ok', what: expect.stringMatching(/^Answers with this token, in \d+ ms$/) }))
    expect(answer.checks).toContainEqual(expect.objectContaining({ name: 'clock', status: 'ok' }))
    expect([await contentOf(whole), await readdir(folder)]).toEqual(before)
  })

  it('reads well in 80 columns without colour', async () => {
    const { code, stdout } = await run(['doctor'], { env: { ...envOf(whole), TIDEMARK_DATABASE_URL: 'sqlite::memory:', COLUMNS: '80' } })
    expect(code).toBe(0)
    expect(stdout).toContain(`
Database
  ! warning  The database is in memory
             Why:  Nothing is kept from one command to the next.
             Next: Give a file or a server with --database or
                   TIDEMARK_DATABASE_URL.
`)
    expect(stdout).toMatch(/\n {2}✓ ok {7}Customer: 7 \(TIDEMARK_CUSTOMER_ID\)\n/)
    expect(stdout).toMatch(/\nIt works, with warnings: \d+ ok, 1 warning, 0 failed, \d+ skipped\.\n$/)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('looks into a file that cannot be written, also of one that is being written', async () => {
    const file = await copy('read-only')
    await chmod(file, 0o400)
    expect((await examined(envOf(file))).checks).toContainEqual(expect.objectContaining({ name: 'search_index', status: 'ok' }))
    await using writer = await sqljs({ file: await copy('written') })
    await writer.transaction(async () => {
      const { checks } = await examined(envOf(path.join(folder, 'written.db')))
      expect(checks).toContainEqual(expect.objectContaining({ name: 'lock', status: 'ok', what: expect.stringMatching(/^The file is written at the moment by process \d+ /) }))
      expect(checks).toContainEqual(expect.objectContaining({ name: 'search_index', status: 'ok' }))
    })
  })

  it('calls nothing wrong in a file to which somebody commits all the time', async () => {
    const file = await copy('busy')
    await using writer = await sqljs({ file })
    let goesOn = true
    const writing = (async () => {
      while (goesOn) {
        await writer.query({ sql: `update products set name = name || ''` })
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
    const { code, checks } = await examined(envOf(file))
    goesOn = false
    await writing
    expect([code, checks.filter(({ status }) => status === 'failed')]).toEqual([0, []])
  })

  it('makes no database where there is none, and says what makes it', async () => {
    const file = path.join(folder, 'nothing.db')
    expect(notInOrder(await examined(envOf(file)))).toEqual([
      { area: 'database', name: 'place', status: 'warning', what: `There is no database yet: ${file}`, why: 'No command has made it.', next: 'Run "tidemark sync": it makes the database and fills it.' },
    ])
    expect(await readdir(folder)).not.toContain('nothing.db')
    expect(notInOrder(await examined(envOf(path.join(folder, 'nowhere', 'x.db'))))).toMatchObject([{ status: 'failed', next: 'Make the folder, or correct the database URL.' }])
  })

  it('of a file that is no database, or is damaged inside, says how to get a whole one', async () => {
    const none = path.join(folder, 'none.db')
    await writeFile(none, 'This is no database. '.repeat(100), { mode: 0o600 })
    const answer = await examined(envOf(none))
    expect(answer.code).toBe(1)
    expect(notInOrder(answer)).toMatchObject([{
      name: 'open', status: 'failed', what: 'The database cannot be opened', why: 'It is not a SQLite 3 database, or it is damaged. It was left as it is.', next: 'Choose another path, or restore the file from a backup.',
    }])
    const damaged = await copy('damaged')
    const bytes = await readFile(damaged)
    for (let page = 200; page < 400; page += 7) bytes.fill(0xa5, page * 4096, (page + 1) * 4096)
    await writeFile(damaged, bytes)
    const before = await contentOf(damaged)
    const found = await examined(envOf(damaged))
    expect(found.code).toBe(1)
    expect(notInOrder(found)).toMatchObject([{
      name: 'integrity', status: 'failed', what: 'The database is damaged', why: expect.stringMatching(/^The engine says: \S/), next: 'Move it away and run "tidemark sync", which reads all of it again from the API, or restore a backup.',
    }])
    expect(found.checks.filter(({ status }) => status === 'skipped').map(({ area, why }) => [area, why])).toEqual([
      ['derived_data', 'The database is damaged; that comes first.'], ['sync', 'The database is damaged; that comes first.'], ['mcp', expect.any(String)],
    ])
    expect(await contentOf(damaged)).toBe(before)
  })

  it('finds rows that refer to nothing, and an index of the search that the engine itself calls damaged', async () => {
    const orphan = await copy('orphan')
    await execute(orphan, 'update bug_comments set bug_id = 1', 'suspended')
    expect(notInOrder(await examined(envOf(orphan)))).toMatchObject([{ name: 'integrity', status: 'failed', what: 'Rows refer to rows that are not there', why: 'This is so in bug_comments: another program has written there.' }])
    const torn = await copy('torn-index')
    await execute(torn, `update search_index_content set c0words = 'other words' where docid < 50`)
    const [integrity, ...rest] = notInOrder(await examined(envOf(torn)))
    expect(integrity).toMatchObject({ name: 'integrity', status: 'failed', what: 'The search index is damaged', next: 'Run "tidemark search --rebuild-index".' })
    expect(rest).toMatchObject([{ name: 'search_index', status: 'failed', what: 'The search index is stale' }])
    await run(['search', '--rebuild-index'], { env: envOf(torn) })
    expect(notInOrder(await examined(envOf(torn)))).toEqual([])
  })

  it('gives advice that mends wrong counts and platforms', async () => {
    const file = await copy('counts')
    await execute(file, 'update products set bug_count = bug_count + 5')
    await execute(file, `update bugs set browsers = '["Mosaic"]'`)
    const answer = await examined(envOf(file))
    expect([answer.code, notInOrder(answer).map(({ name }) => name)]).toEqual([1, ['kept_counts', 'device_sets']])
    const [advice] = new Set(notInOrder(answer).map(({ next }) => /"tidemark ([^"]+)"/.exec(next ?? '')?.[1]))
    expect((await run(advice?.split(' ') ?? [], { env: envOf(file) })).code).toBe(0)
    expect(notInOrder(await examined(envOf(file)))).toEqual([])
  })

  it('leaves a database that is behind where it is', async () => {
    const file = await copy('behind')
    await using storage = await sqljs({ file })
    await tidemarkMigrator({ storage }).downgrade('-1')
    const before = await contentOf(file)
    const answer = await examined(envOf(file))
    expect([answer.code, notInOrder(answer)]).toMatchObject([0, [{ name: 'revision', status: 'warning', what: 'The database is behind: 1 revision is pending' }]])
    expect(await contentOf(file)).toBe(before)
  })

  it('lists every mistake of the configuration, and looks at what is left', async () => {
    const cwd = await freshFolder()
    const secret = 'half a token'
    await writeFile(path.join(cwd, 'tidemark.config.json'), JSON.stringify({ database: 'sqlite:./x.db', customerId: 'abc', testio: { token: secret }, colour: 'red' }), { mode: 0o644 })
    const { code, stdout } = await run(['doctor', '--json'], { cwd })
    const answer: Answer = JSON.parse(stdout)
    expect(code).toBe(2)
    expect(notInOrder(answer).map(({ name, status, why }) => [name, status, why])).toEqual([
      ['file', 'warning', 'It holds a token or a password, and others on this machine may read it.'],
      ['mistake', 'failed', 'tidemark.config.json: "colour" is no setting.'],
      ['mistake', 'failed', 'customerId in tidemark.config.json: must be a whole number above 0.'],
      ['mistake', 'failed', 'testio.token in tidemark.config.json: must be one word of plain characters, without spaces.'],
      ['place', 'warning', 'No command has made it.'],
    ])
    expect(stdout).not.toContain(secret)
    const missing = await run(['doctor', '--json', '--database', 'sqlite::memory:'])
    expect(missing.code).toBe(2)
    expect(notInOrder(JSON.parse(missing.stdout))[0]).toMatchObject({ name: 'customer', status: 'failed', next: expect.stringMatching(/^Run "tidemark setup", or give --customer N or /) })
  })

  it('says of a token that is wrong, an API that is not there and a clock that is off what to do', async () => {
    const api = async (env: Readonly<Record<string, string>>): Promise<Answer['checks']> => (await examined({ ...envOf(whole), ...env })).checks.filter(({ area }) => area === 'api')
    expect(await api({ TESTIO_API_TOKEN: 'wrong-token' })).toMatchObject([
      { name: 'api', status: 'failed', why: 'The API did not accept the token. Status 401.', next: 'Check the token, found under Integrations → API in the TestIO account.' }, { name: 'clock', status: 'ok' },
    ])
    expect(await api({ TESTIO_API_BASE_URL: 'http://127.0.0.1:1/' })).toMatchObject([{ name: 'api', status: 'failed', why: 'No answer came over the network.', next: 'Check the network and the base URL, then try again.' }])
    const late = await serve(async (request) => {
      const response = await account.simulator.fetch(request)
      return new Response(response.body, { status: response.status, headers: { ...Object.fromEntries(response.headers), date: new Date(Date.now() - 600_000).toUTCString() } })
    })
    expect(await api({ TESTIO_API_BASE_URL: `${late.url}/customer/v2/` })).toMatchObject([{ status: 'ok' }, { name: 'clock', status: 'warning', what: 'The clock of this machine is 10 min ahead of that of the API', next: 'Set the clock, best by a time service.' }])
    await late.close()
    expect((await examined(envOf(whole), '--offline')).checks).toContainEqual(expect.objectContaining({ name: 'api', status: 'skipped', why: 'The command was told to stay offline.' }))
    expect(await api({ TESTIO_API_TOKEN: '' })).toMatchObject([{ status: 'skipped', why: 'No token is set: only the local copy can be read.' }])
  })

  it('shows no secret', async () => {
    const url = 'postgres://reader:pa55%21word@127.0.0.1:1/db?password=pa55!word'
    const env = { ...account.env, TIDEMARK_DATABASE_URL: url, TIDEMARK_HTTP_TOKEN: 'http-s3cret' }
    const texts = await Promise.all([run(['doctor'], { env }), run(['doctor', '--json'], { env }), run(['doctor', '--log-level', 'debug'], { env: { ...env, TESTIO_API_TOKEN: `${token}x` } })])
    for (const { code, stdout, stderr } of texts) {
      expect(code).toBe(1)
      expect(stdout).toContain('127.0.0.1:1/db')
      for (const secret of [token, 'pa55', 'reader', 'http-s3cret']) expect(`${stdout}${stderr}`).not.toContain(secret)
    }
  })

  it('on PGlite looks into a folder and gives it back, and says who has it when it is open', async () => {
    const dir = path.join(await freshFolder(), 'copy')
    const env = { ...account.env, TIDEMARK_DATABASE_URL: `pglite:${dir}` }
    expect(notInOrder(await examined(env))).toMatchObject([{ name: 'place', status: 'warning' }])
    expect(await readdir(path.dirname(dir))).toEqual([])
    await run(['sync'], { env })
    expect(notInOrder(await examined(env))).toEqual([])
    expect(await readdir(dir)).not.toContain('tidemark.lock')
    await using holder = await pglite({ dir })
    await holder.query({ sql: 'select 1' })
    expect(notInOrder(await examined(env))).toMatchObject([{
      name: 'lock', status: 'warning', what: 'The database is open in another program', why: expect.stringMatching(/^It is held by process \d+ .+, and PGlite serves one program at a time\.$/),
    }])
  })

  it('on PostgreSQL works where nothing can be written, and says so', async () => {
    const url = await freshPostgresUrl()
    const env = { ...account.env, TIDEMARK_DATABASE_URL: url }
    await run(['sync'], { env })
    expect(notInOrder(await examined(env))).toEqual([])
    await using storage = await postgres({ url })
    await storage.query({ sql: `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on` })
    const answer = await examined(env)
    expect([answer.code, notInOrder(answer)]).toMatchObject([0, [{ name: 'engine_writes', status: 'warning', what: 'The database can only be read', why: 'The role or the database is set to read only.' }]])
  })

  it('refuses what it does not know', async () => {
    const { code, stderr }: Run = await run(['doctor', '--cure'], { env: envOf(whole) })
    expect([code, stderr]).toEqual([2, expect.stringContaining("Unknown option '--cure'")])
  })

  async function execute(file: string, sql: string, foreignKeys: 'enforced' | 'suspended' = 'enforced'): Promise<void> {
    await using storage = await sqljs({ file })
    await storage.transaction((tx) => tx.query({ sql }), { foreignKeys })
  }
})
