import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../capture.ts'
import { emptyFolder, projectWith, revisionText, type ProjectFolder } from './project-folder.ts'

async function configured(config: string, name = 'tidemark.config.ts'): Promise<ProjectFolder> {
  const folder = await emptyFolder()
  await folder.write(name, config)
  await folder.write('migrations/a1.ts', revisionText({ id: 'a1' }))
  return folder
}

describe('the configuration of a project', () => {
  it.each([
    ['tidemark.config.ts', `import { defineConfig } from 'tidemark/migrate'\nexport default defineConfig({ database: 'sqlite:./app.db' as string, migrations: './migrations' })`],
    ['tidemark.config.js', `import { defineConfig } from 'tidemark/migrate'\nexport default defineConfig({ database: 'sqlite:./app.db', migrations: './migrations' })`],
    ['tidemark.config.mjs', `export default { database: 'sqlite:./app.db', migrations: 'migrations' }`],
    ['tidemark.config.json', `{ "database": "sqlite:./app.db", "migrations": "./migrations" }`],
  ])('is read from %s', async (name, text) => {
    const project = await configured(text, name)
    expect((await project.json('heads')).heads).toMatchObject([{ id: 'a1', file: path.join(project.cwd, 'migrations/a1.ts') }])
    expect((await project.json('upgrade')).to).toEqual(['a1'])
    expect(await project.read('app.db')).toMatch(/^SQLite format 3/)
  })

  it('that is named is the start of relative paths', async () => {
    const project = await projectWith([{ id: 'a1' }])
    const elsewhere = await emptyFolder()
    const { code } = await run(['migrate', 'upgrade', '--config', path.join(project.cwd, 'tidemark.config.ts')], { cwd: elsewhere.cwd })
    expect(code).toBe(0)
    expect(await project.read('app.db')).toMatch(/^SQLite format 3/)
  })

  it('is weaker than the environment, and that is weaker than a flag', async () => {
    const project = await projectWith([{ id: 'a1' }])
    const env = { TIDEMARK_DATABASE_URL: 'sqlite:./env.db' }
    await project.migrateIn({ env }, 'upgrade')
    expect(await project.read('env.db')).toMatch(/^SQLite format 3/)
    await project.migrateIn({ env }, 'upgrade', '--database', 'sqlite:./flag.db')
    expect(await project.read('flag.db')).toMatch(/^SQLite format 3/)
    await expect(project.read('app.db')).rejects.toThrow('ENOENT')
  })

  it('names the tables of the bookkeeping', async () => {
    const project = await projectWith([{ id: 'a1' }], { config: `versionTable: 'alembic_version', historyTable: 'runs'` })
    await project.json('upgrade')
    const bytes = await project.read('app.db')
    expect(bytes).toMatch(/CREATE TABLE "?alembic_version/i)
    expect(bytes).toMatch(/CREATE TABLE "?runs/i)
    expect(bytes).not.toContain('tidemark_')
  })

  it('tells all its mistakes at once', async () => {
    const project = await configured(`export default { database: 'mysql://me:hunter2@db/x', migrations: 7, versionTable: 'a b', fileName: '%Q.ts', include: 'users', colour: 'red' }`)
    const { code, stdout, stderr } = await project.migrateIn({ env: { TIDEMARK_LOG_LEVEL: 'loud' } }, 'current')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/Why: {3}7 things are wrong:/)
    for (const name of ['database', 'migrations', 'versionTable', 'fileName', 'include', 'colour', 'TIDEMARK_LOG_LEVEL']) expect(stderr).toContain(name)
    expect(stderr).not.toContain('hunter2')
  })

  it('that throws is told with its reason', async () => {
    const project = await configured(`export default { migrations: './migrations', database: process.env.NOT_THERE.trim() }`)
    const { code, stderr } = await project.migrate('current')
    expect(code).toBe(2)
    expect(stderr).toMatch(/tidemark\.config\.ts: cannot be loaded: .*undefined/)
  })

  it('needs a database only for what needs one', async () => {
    const project = await configured(`export default { migrations: './migrations' }`)
    expect((await project.json('heads')).heads).toHaveLength(1)
    const { code, stderr } = await project.migrate('current')
    expect(code).toBe(2)
    expect(stderr).toMatch(/--database URL or TIDEMARK_DATABASE_URL or database in tidemark\.config/)
  })

  it('names the folder that is not there', async () => {
    const project = await emptyFolder()
    await project.write('tidemark.config.json', '{ "migrations": "./revisions" }')
    const { code, stderr } = await project.migrate('heads')
    expect(code).toBe(1)
    expect(stderr).toContain(path.join(project.cwd, 'revisions'))
  })

  it('never shows the password of its database', async () => {
    const project = await configured(`export default { migrations: './migrations', database: 'postgres://me:hunter2@127.0.0.1:1/x' }`)
    const { code, stdout, stderr } = await project.migrateIn({ env: { TIDEMARK_LOG_LEVEL: 'debug' } }, 'current')
    expect(code).toBe(1)
    expect(stdout + stderr).not.toContain('hunter2')
  })
})

describe('beside the configuration of Tidemark itself', () => {
  it('a project in the folder does not stand in the way of the product, nor the product in the way of the project', async () => {
    const project = await projectWith([{ id: 'a1' }])
    await project.write('tidemark.config.json', JSON.stringify({ customerId: 7, database: 'sqlite:./own.db' }))
    const status = await run(['status', '--json'], { cwd: project.cwd })
    expect(JSON.parse(status.stdout)).toMatchObject({ customer_id: 7, database: { url: `sqlite:${path.join(project.cwd, 'own.db')}` } })
    expect((await project.json('heads')).heads).toMatchObject([{ id: 'a1' }])
  })

  it('the file of a project is refused where the product is meant', async () => {
    const project = await projectWith([])
    const { code, stderr } = await run(['status', '--config', 'tidemark.config.ts'], { cwd: project.cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/about the migrations of a project/)
  })

  it('without a project, the commands are about the database of Tidemark', async () => {
    const folder = await emptyFolder()
    await folder.write('tidemark.config.json', JSON.stringify({ database: 'sqlite:./own.db' }))
    const { to } = await folder.json('upgrade')
    expect(await folder.json('heads')).toMatchObject({ heads: [{ id: to[0], file: null }] })
    expect(await folder.json('current')).toMatchObject({ current: to, at_head: true, pending: [] })
  })

  it('whose revisions come with the program, and are not added to', async () => {
    const folder = await emptyFolder()
    for (const argv of [['revision', '-m', 'mine'], ['merge', 'heads']]) {
      const { code, stdout, stderr } = await folder.migrate(...argv)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/revisions come with the program/)
    }
  })
})
