/** From an empty folder to a schema with a history, as its author does it: the commands one after the other, on each engine. */
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStorage } from '../../../adapters/cli/open-storage.ts'
import { parseDatabaseUrl } from '../../../adapters/node/database-url.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { freshPostgresUrl, preparePglite } from '../../support/engines.ts'
import { emptyFolder, type ProjectFolder } from './project-folder.ts'

const tables = (users: string, more = '') => `
  import { c, defineSchema, table } from 'tidemark/schema'
  export default defineSchema({
    users: table({ id: c.integer().primaryKey(), ${users} }),
    ${more}
  })`
const posts = `posts: table({ author_id: c.integer().notNull().references('users', 'id', { onDelete: 'cascade' }), slug: c.text().notNull() }, { primaryKey: ['author_id', 'slug'] }),`

async function started(database: string): Promise<ProjectFolder> {
  const project = await emptyFolder()
  await project.json('init', '--database', database)
  await project.write('schema.ts', tables('email: c.text({ length: 255 }).notNull().unique(), name: c.text().notNull()'))
  return project
}

async function on<R>(project: ProjectFolder, database: string, work: (storage: Storage) => Promise<R>): Promise<R> {
  const storage = await openStorage(parseDatabaseUrl(database, project.cwd))
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}

const engines: readonly (readonly [name: string, url: () => Promise<string>])[] = [
  ['a SQLite file', async () => 'sqlite:./app.db'],
  ['a PGlite folder', async () => (await preparePglite(), 'pglite:./data')],
  // Its shadows are PGlites too.
  ['PostgreSQL', async () => (await preparePglite(), freshPostgresUrl())],
]

describe.each(engines)('with %s', (_name, makeUrl) => {
  it('a schema grows: first tables, a rename that has to be answered, a change back, with its rows', async () => {
    const database = await makeUrl()
    const project = await started(database)
    const first = await project.json('revision', '--autogenerate', '-m', 'first tables')
    expect(first).toMatchObject({ down: [], upgrade: ['createTable users'], downgrade: ['dropTable users'], questions: [] })
    expect((await project.json('upgrade')).to).toEqual([first.id])
    expect(await project.json('check')).toMatchObject({ ok: true, current: [first.id], index: { state: 'current' } })
    await on(project, database, (storage) => storage.query({ sql: `insert into users (id, email, name) values (1, 'a@example.com', 'Ada')` }))

    await project.write('schema.ts', tables('email: c.text({ length: 255 }).notNull().unique(), full_name: c.text().notNull(), age: c.integer()', posts))
    const asked = await project.migrate('revision', '--autogenerate', '-m', 'posts')
    expect([asked.code, asked.stdout]).toEqual([5, ''])
    expect(asked.stderr).toContain('--rename users.name:users.full_name')
    expect(await project.revisions()).toHaveLength(1)

    const second = await project.json('revision', '--autogenerate', '-m', 'posts and ages', '--rename', 'users.name:users.full_name')
    expect(second.down).toEqual([first.id])
    expect((await project.json('upgrade')).to).toEqual([second.id])
    expect((await project.json('check')).ok).toBe(true)
    expect((await on(project, database, (storage) => storage.query({ sql: 'select full_name, age from users' }))).rows).toEqual([{ full_name: 'Ada', age: null }])

    expect((await project.json('downgrade', '-1', '--yes')).to).toEqual([first.id])
    expect((await on(project, database, (storage) => storage.query({ sql: 'select id, email, name from users' }))).rows).toEqual([{ id: 1, email: 'a@example.com', name: 'Ada' }])
    expect((await project.json('upgrade')).to).toEqual([second.id])
    expect(await project.json('revision', '--autogenerate', '-m', 'nothing')).toMatchObject({ id: null, file: null, upgrade: [] })
  }, 120_000)
})

it('what was written is proven on both engines, and nothing in it is harmful', async () => {
  const project = await started('sqlite:./app.db')
  await project.json('revision', '--autogenerate', '-m', 'first tables')
  await project.json('upgrade')
  await project.write('schema.ts', tables('email: c.text({ length: 255 }).notNull().unique(), name: c.text().notNull(), age: c.integer()', posts))
  const made = await project.json('revision', '--autogenerate', '-m', 'posts and ages')
  const { revisions, ends } = await project.json('verify')
  expect(revisions.map(({ engine, verdict }: { readonly engine: string; readonly verdict: string }) => [engine, verdict])).toEqual([
    ['sqlite', 'lossless'], ['sqlite', expect.stringMatching(/lossless|lossy/)], ['postgres', 'lossless'], ['postgres', expect.stringMatching(/lossless|lossy/)],
  ])
  expect(ends).toMatchObject([{ equal: true }, { equal: true }])
  expect(path.basename(made.file)).toMatch(/_posts_and_ages\.ts$/)
})

it('without a change there is no file, unless one is wanted', async () => {
  const project = await started('sqlite:./app.db')
  await project.json('revision', '--autogenerate', '-m', 'first tables')
  await project.json('upgrade')
  const { code, stdout, stderr } = await project.migrate('revision', '--autogenerate', '-m', 'nothing')
  expect([code, stdout, stderr]).toEqual([0, '', 'Nothing has changed, so no revision was written.\n'])
  expect(await project.revisions()).toHaveLength(1)
  expect(await project.json('revision', '--autogenerate', '--empty-ok', '-m', 'nothing')).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{12}$/), upgrade: [] })
  expect(await project.revisions()).toHaveLength(2)
})

it('a database that is behind has to be upgraded first', async () => {
  const project = await started('sqlite:./app.db')
  await project.json('revision', '--autogenerate', '-m', 'first tables')
  const { code, stderr } = await project.migrate('revision', '--autogenerate', '-m', 'more')
  expect(code).toBe(1)
  expect(stderr).toMatch(/tidemark migrate upgrade/)
})

it('two branches of a team come together', async () => {
  const project = await started('sqlite:./app.db')
  const { id: base } = await project.json('revision', '--autogenerate', '-m', 'first tables')
  const mine = await project.json('revision', '-m', 'mine')
  // What the colleague's merge brought: a file, and not the index.
  const theirs = (await project.read(`migrations/${path.basename(mine.file)}`)).replaceAll(mine.id, 'c011ea90e000').replace('mine', 'theirs')
  await project.write('migrations/20261128_0000_c011ea90e000_theirs.ts', theirs)

  const refused = await project.migrate('upgrade')
  expect([refused.code, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toMatch(/2 heads[\s\S]*tidemark migrate merge heads/)
  expect((await project.json('branches')).branches).toMatchObject([{ id: base, children: expect.arrayContaining([mine.id, 'c011ea90e000']) }])
  const checked = await project.migrate('check')
  expect([checked.code, checked.stdout]).toEqual([1, expect.stringMatching(/several heads[\s\S]*index\.ts is stale/)])

  const merge = await project.json('merge', 'heads', '-m', 'come together')
  expect(new Set(merge.down)).toEqual(new Set([mine.id, 'c011ea90e000']))
  expect((await project.json('upgrade')).to).toEqual([merge.id])
  expect((await project.json('check')).ok).toBe(true)
  for (const id of [mine.id, 'c011ea90e000', merge.id]) expect(await project.read('migrations/index.ts')).toContain(id)
})

describe('questions about renames', () => {
  const renamed = async () => {
    const project = await started('sqlite:./app.db')
    await project.json('revision', '--autogenerate', '-m', 'first tables')
    await project.json('upgrade')
    await project.write('schema.ts', tables('email: c.text({ length: 255 }).notNull().unique(), full_name: c.text().notNull()'))
    return project
  }

  it('can be answered with no', async () => {
    const project = await renamed()
    const made = await project.json('revision', '--autogenerate', '-m', 'other', '--no-rename', 'users.name:users.full_name')
    expect(made.upgrade).toEqual(expect.arrayContaining([expect.stringContaining('dropColumn users.name')]))
    // Rows that are there have no value for a column that needs one.
    expect(made.proof).toMatchObject({ verdict: 'broken', details: expect.arrayContaining([expect.stringMatching(/full_name|rows/)]) })
  })

  it('may leave out the table of the new name', async () => {
    const project = await renamed()
    const made = await project.json('revision', '--autogenerate', '-m', 'x', '--rename', 'users.name:full_name')
    expect(made).toMatchObject({ upgrade: ['alterColumn users.name'], proof: { verdict: 'lossless' } })
  })

  it('are asked on a terminal', async () => {
    const project = await renamed()
    const asked: string[] = []
    const run = (choice: string) => project.migrateIn({ terminal: 80, questions: {
      choose: async (message, options) => {
        asked.push(message)
        return options.find(({ value }) => value === choice)!.value
      },
    } }, 'revision', '--autogenerate', '-m', 'x')
    const { code, stdout } = await run('rename')
    expect(code).toBe(0)
    expect(asked).toEqual(['The column users.name is gone, and users.full_name has come.'])
    expect(await project.read(stdout.trim().slice(project.cwd.length))).toMatch(/alterColumn\('users', 'name', \{ name: 'full_name' \}\)/)
  })

  it('are given to programs with --json, with exit code 5', async () => {
    const { code, stdout } = await (await renamed()).migrate('revision', '--autogenerate', '-m', 'x', '--json')
    expect(code).toBe(5)
    expect(JSON.parse(stdout)).toMatchObject({ file: null, questions: [{ kind: 'column', from: 'users.name', to: 'users.full_name', answer: 'users.name:users.full_name' }] })
  })

  it('that are answered for nothing are refused', async () => {
    const project = await renamed()
    for (const pair of ['name', 'a:b:c', 'users.nme:users.full_name']) {
      expect((await project.migrate('revision', '--autogenerate', '-m', 'x', '--rename', pair)).code, pair).toBe(2)
    }
  })
})
