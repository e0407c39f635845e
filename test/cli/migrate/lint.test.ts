/** What lint says and with which exit code; what its rules find is proven in test/migrate/lint. */
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { sqljs } from '../../../adapters/sqljs/sqljs.ts'
import { projectWith, revisionText, type ProjectFolder } from './project-folder.ts'

const users = { id: 'aaaa01', upgrade: `await op.createTable('users', { id: c.integer().primaryKey(), name: c.text(), age: c.integer() })`, downgrade: `await op.dropTable('users')` }
const dropTable = (comment = '') => ({ id: 'bbbb01', down: ['aaaa01'], upgrade: `${comment}\nawait op.dropTable('users')`, downgrade: users.upgrade })

/** One user is there; the table is to be dropped. */
async function aboutToDrop(comment = ''): Promise<ProjectFolder> {
  const project = await projectWith([users])
  await project.json('upgrade')
  const storage = await sqljs({ file: path.join(project.cwd, 'app.db') })
  await storage.query({ sql: `insert into users values (1, 'Ada', 36)` })
  await storage.close()
  await project.write('migrations/bbbb01.ts', revisionText(dropTable(comment)))
  return project
}

describe('lint', () => {
  it('exits with 1 on an error, and says why and what is safer', async () => {
    const project = await aboutToDrop()
    const { code, stdout, stderr } = await project.migrate('lint')
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/^error {2}drop-table-with-rows {2}bbbb01: dropTable users\n {4}.*\n[\s\S]* {4}Safer: [\s\S]*\n1 error, \d warnings?, \d notices?\.\n$/)
    const { findings } = JSON.parse((await project.migrate('lint', '--json')).stdout)
    expect(findings[0]).toEqual({ rule: 'drop-table-with-rows', severity: 'error', revision: 'bbbb01', operation: 'dropTable users', why: expect.any(String), safer: expect.any(String) })
  })

  it('takes an excuse with a reason', async () => {
    const project = await aboutToDrop('// lint-allow drop-table-with-rows: all of it was moved to people')
    const { findings, excused } = await project.json('lint')
    expect(findings.map(({ severity }: { readonly severity: string }) => severity)).not.toContain('error')
    expect(excused).toMatchObject([{ rule: 'drop-table-with-rows', revision: 'bbbb01', reason: 'all of it was moved to people' }])
    expect((await project.migrate('lint', '--verbose')).stdout).toMatch(/Excused\n {2}- drop-table-with-rows, bbbb01/)
  })

  it('exits with 1 on warnings only when it is strict', async () => {
    const project = await projectWith([users, { id: 'bbbb01', down: ['aaaa01'], upgrade: `await op.dropColumn('users', 'age')`, downgrade: `await op.addColumn('users', 'age', c.integer())` }])
    await project.json('upgrade', 'aaaa01')
    const severities = (await project.json('lint')).findings.map(({ severity }: { readonly severity: string }) => severity)
    expect(new Set(severities)).toEqual(new Set(['warning']))
    expect((await project.migrate('lint', '--strict')).code).toBe(1)
  })

  it('reads what is not applied, or a range without a database', async () => {
    const project = await projectWith([users, dropTable()])
    await project.json('upgrade', '--yes')
    expect(await project.json('lint')).toEqual({ findings: [], excused: [] })
    const { code, stdout } = await project.migrate('lint', '-r', 'bbbb01', '--database', 'postgres://nobody@127.0.0.1:1/x')
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^error {2}drop-table-with-rows/)])
  })
})
