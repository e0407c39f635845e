/** What check and verify say and with which exit code; what they find is proven in test/migrate. */
import { describe, expect, it } from 'vitest'
import { projectWith, revisionText, type ProjectFolder } from './project-folder.ts'

const users = { id: 'aaaa01', upgrade: `await op.createTable('users', { id: c.integer().primaryKey(), name: c.text().notNull() })`, downgrade: `await op.dropTable('users')` }
const schemaOf = (columns: string) => `
  import { c, defineSchema, table } from 'tidemark/schema'
  export default defineSchema({ users: table({ id: c.integer().primaryKey(), ${columns} }) })`

async function usersProject(columns = 'name: c.text().notNull()', { database }: { readonly database?: string } = {}): Promise<ProjectFolder> {
  const project = await projectWith([users], { config: `schema: './schema.ts', ${database === undefined ? '' : `database: '${database}'`}` })
  await project.write('schema.ts', schemaOf(columns))
  // Writes the index.
  await project.migrate('init')
  return project
}

describe('check', () => {
  it('finds everything in order', async () => {
    const project = await usersProject()
    await project.json('upgrade')
    expect(await project.json('check')).toMatchObject({ ok: true, current: ['aaaa01'], findings: [], index: { file: `${project.cwd}/migrations/index.ts`, state: 'current' } })
    expect((await project.migrate('check')).stdout).toBe('In order: the database stands at aaaa01, and schema, revisions and database agree.\n')
  })

  it('exits with 1 and names what disagrees', async () => {
    const project = await usersProject('name: c.text().notNull(), age: c.integer()')
    await project.json('upgrade')
    const { code, stdout, stderr } = await project.migrate('check')
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/declares what no revision makes yet[\s\S]*"users"\."age": added/)
    const report = JSON.parse((await project.migrate('check', '--json')).stdout)
    expect(report).toMatchObject({ ok: false, comparisons: expect.arrayContaining([expect.objectContaining({ from: 'revisions', to: 'schema', agree: false })]) })
  })

  it('exits with 1 when the database is behind', async () => {
    const { code, stdout } = await (await usersProject()).migrate('check')
    expect(code).toBe(1)
    expect(stdout).toMatch(/behind: aaaa01 is not applied/)
  })

  it('names a stale index, and init puts it right', async () => {
    const project = await usersProject()
    await project.json('upgrade')
    await project.write('migrations/bbbb01.ts', revisionText({ id: 'bbbb01', down: ['aaaa01'], upgrade: '', downgrade: '' }))
    await project.json('upgrade')
    const { code, stdout } = await project.migrate('check')
    expect(code).toBe(1)
    expect(stdout).toMatch(/index\.ts is stale/)
    await project.json('init')
    expect((await project.json('check')).index.state).toBe('current')
  })

  it('says with --verbose which tables it left alone', async () => {
    const project = await usersProject()
    await project.json('upgrade')
    const foreign = await projectWith([{ id: 'ffff01' }], { config: `versionTable: 'other_version', historyTable: 'other_history'` })
    await foreign.json('upgrade', '--database', `sqlite:${project.cwd}/app.db`)
    expect((await project.json('check')).left_alone).toEqual(['other_history', 'other_version', 't_ffff01'])
    expect((await project.migrate('check', '--verbose')).stdout).toMatch(/Left alone[\s\S]*t_ffff01/)
  })

  it('leaves alone what the configuration does not include', async () => {
    const project = await projectWith([users], { config: `schema: './schema.ts', include: (kind, name) => name !== 'later'` })
    await project.write('schema.ts', schemaOf('name: c.text().notNull()').replace('})', `}), later: table({ id: c.integer().primaryKey() })`))
    await project.migrate('init')
    await project.json('upgrade')
    expect((await project.json('check')).ok).toBe(true)
    expect(await project.json('revision', '--autogenerate', '-m', 'x')).toMatchObject({ file: null, upgrade: [] })
  })

  it('works on the database of Tidemark itself', async () => {
    const project = await projectWith([])
    await project.write('own.json', JSON.stringify({ database: 'sqlite:./own.db' }))
    await project.json('upgrade', '--config', 'own.json')
    expect(await project.json('check', '--config', 'own.json')).toMatchObject({ ok: true, index: null })
  })
})

describe('verify', () => {
  it('proves the revisions on both engines', async () => {
    const project = await usersProject()
    expect(await project.json('verify')).toMatchObject({
      revisions: [{ id: 'aaaa01', engine: 'sqlite', verdict: 'lossless' }, { id: 'aaaa01', engine: 'postgres', verdict: 'lossless' }],
      ends: [{ engine: 'sqlite', equal: true }, { engine: 'postgres', equal: true }],
    })
    await expect(project.read('app.db')).rejects.toThrow('ENOENT')
  })

  it('exits with 1 where one is broken, and says why', async () => {
    const project = await usersProject()
    await project.write('migrations/bbbb01.ts', revisionText({ id: 'bbbb01', down: ['aaaa01'], downgrade: '' }))
    const { code, stdout, stderr } = await project.migrate('verify', '--engine', 'sqlite')
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/bbbb01 +sqlite +broken +see below[\s\S]*bbbb01 on sqlite\n {2}- .*t_bbbb01/)
    expect((await project.json('verify', '--engine', 'sqlite', '-r', 'aaaa01')).revisions).toMatchObject([{ verdict: 'lossless' }])
  })

  it('exits with 1 where the end is not what is declared', async () => {
    const project = await usersProject('name: c.text().notNull(), age: c.integer()')
    const { code, stdout } = await project.migrate('verify', '--engine', 'sqlite')
    expect(code).toBe(1)
    expect(stdout).toMatch(/At the end on sqlite[\s\S]*age/)
  })
})
