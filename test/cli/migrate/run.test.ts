/** Upgrades and downgrades as a person and a script meet them; what a run does is proven in test/migrate. */
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { postgres } from '../../../adapters/postgres/postgres.ts'
import { sqljs } from '../../../adapters/sqljs/sqljs.ts'
import { freshPostgresUrl } from '../../support/engines.ts'
import { projectWith, type RevisionSketch } from './project-folder.ts'

const chain: readonly RevisionSketch[] = [{ id: 'aaaa01' }, { id: 'bbbb01', down: ['aaaa01'] }, { id: 'cccc01', down: ['bbbb01'] }]
const forked: readonly RevisionSketch[] = [{ id: 'aaaa01' }, { id: 'bbbb01', down: ['aaaa01'], labels: ['left'] }, { id: 'cccc01', down: ['aaaa01'], labels: ['right'] }]

describe('upgrade and downgrade', () => {
  it('go to targets and say what they did', async () => {
    const project = await projectWith(chain)
    const { code, stdout, stderr } = await project.migrate('upgrade', '+2')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.replace(/\d+ ms/g, 'N ms')).toMatch(/^Went from an empty database to bbbb01 in 2 steps\.\n\nRevision +Step +Message +Time\n─+ .*\naaaa01 +upgrade +add aaaa01 +N ms\nbbbb01 +upgrade +add bbbb01 +N ms\n$/)
    expect(await project.json('upgrade', 'cccc')).toMatchObject({
      dry_run: false, from: ['bbbb01'], to: ['cccc01'],
      steps: [{ revision: 'cccc01', direction: 'upgrade', message: 'add cccc01', duration_ms: expect.any(Number), checksum: expect.stringMatching(/^[0-9a-f]{64}$/), operations: [{ summary: expect.stringContaining('t_cccc01') }] }],
    })
    expect((await project.migrate('upgrade')).stdout).toBe('Nothing to do: the database stands at cccc01.\n')
    expect(await project.json('downgrade', '-1')).toMatchObject({ to: ['bbbb01'], steps: [{ revision: 'cccc01', direction: 'downgrade' }] })
    expect(await project.json('downgrade', 'base')).toMatchObject({ to: [], steps: [{ revision: 'bbbb01' }, { revision: 'aaaa01' }] })
    expect((await project.migrate('downgrade', 'base')).stdout).toBe('Nothing to do: the database stands at no revision.\n')
  })

  it('take several targets', async () => {
    const project = await projectWith(forked)
    expect((await project.json('upgrade', 'bbbb01', 'right@head')).to).toEqual(['bbbb01', 'cccc01'])
    expect((await project.json('downgrade', 'left@-1', 'right@-1')).to).toEqual(['aaaa01'])
  })

  it('only say what they would do with --dry-run', async () => {
    const project = await projectWith(chain)
    expect(await project.json('upgrade', '--dry-run')).toMatchObject({ dry_run: true, from: [], to: ['cccc01'], steps: [{}, {}, {}] })
    expect((await project.migrate('upgrade', 'aaaa', '--dry-run')).stdout).toMatch(/^Would go from an empty database to aaaa01 in 1 step\./)
    expect(await project.json('current')).toMatchObject({ current: [] })
  })

  it('refuse a target that is none with exit code 2', async () => {
    const project = await projectWith(chain)
    for (const argv of [['upgrade', 'zzzz'], ['downgrade', 'zzzz'], ['downgrade', '-1'], ['upgrade', 'aaaa', 'bbbb']]) {
      const { code, stdout, stderr } = await project.migrate(...argv)
      expect([code, stdout], argv.join(' ')).toEqual([2, ''])
      expect(stderr).toMatch(/^Error: .+\nWhy: {3}.+\nNext: {2}.+\n$/)
    }
  })

  it('refuse the way back across a revision that has none, before anything is undone', async () => {
    const irreversible = `
      import { defineRevision } from 'tidemark/migrate'
      export default defineRevision({ id: 'dddd01', down: ['cccc01'], message: 'forget', createdAt: '2026-11-20T18:00:00Z', irreversible: 'the rows are gone', async upgrade() {} })`
    const project = await projectWith(chain)
    await project.write('migrations/dddd01.ts', irreversible)
    await project.json('upgrade')
    const { code, stderr } = await project.migrate('downgrade', 'base', '--yes')
    expect(code).toBe(1)
    expect(stderr).toContain('the rows are gone')
    expect((await project.migrate('downgrade', 'base', '--dry-run')).stdout).toMatch(/Would be refused, since there is no way back\n {2}- dddd01: the rows are gone/)
    expect((await project.json('current')).current).toEqual(['dddd01'])
  })

  it('that fail name revision, operation and the command to go on with', async () => {
    const project = await projectWith([...chain, { id: 'dddd01', down: ['cccc01'], upgrade: `await op.execute('insert into nowhere values (1)')` }])
    const { code, stdout, stderr } = await project.migrate('upgrade')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/dddd01[\s\S]*nowhere[\s\S]*tidemark migrate upgrade head/)
    expect((await project.json('current')).current).toEqual(['cccc01'])
  })

  it('are one transaction when asked', async () => {
    const project = await projectWith([...chain, { id: 'dddd01', down: ['cccc01'], upgrade: `throw new Error('no')` }])
    expect((await project.migrate('upgrade', '--transaction', 'all')).code).toBe(1)
    expect((await project.json('current')).current).toEqual([])
    expect((await project.migrate('upgrade', '--transaction', 'some')).code).toBe(2)
  })

  it('show a half-way revision, and go on with it', async () => {
    const broken = { id: 'bbbb01', down: ['aaaa01'], upgrade: `await op.createTable('first', { id: c.integer() }); await op.execute('insert into later values (1)')` }
    const project = await projectWith([{ id: 'aaaa01' }, broken])
    const { code, stderr } = await project.migrate('upgrade', '--transaction', 'none')
    expect(code).toBe(1)
    expect(stderr).toMatch(/half-way/)
    expect(await project.json('current')).toMatchObject({ current: ['aaaa01'], half_way: { revision: 'bbbb01', direction: 'upgrade', operations: [expect.stringContaining('first')] } })
    expect((await project.migrate('current')).stdout).toMatch(/^aaaa01, add aaaa01\nbbbb01 is half-way: its upgrade ended at .* UTC after createTable first\. The same command goes on from there\.\n1 revision to apply/)
    const storage = await sqljs({ file: path.join(project.cwd, 'app.db') })
    await storage.query({ sql: 'create table later (id integer)' })
    await storage.close()
    expect((await project.json('upgrade', '--transaction', 'none')).to).toEqual(['bbbb01'])
  })

  it('stop when the person wants to', async () => {
    const project = await projectWith(chain)
    const { code, stderr } = await project.migrateIn({ signal: AbortSignal.abort() }, 'upgrade')
    expect(code).toBe(1)
    expect(stderr).toMatch(/cancelled/)
    expect((await project.json('current')).current).toEqual([])
  })

  it('show how far they are on a terminal only', async () => {
    const project = await projectWith(chain)
    const { code, stderr } = await project.migrateIn({ terminal: 80 }, 'upgrade')
    expect(code).toBe(0)
    expect(stderr).toContain(' of 3  ')
  })
})

it('two runners at once: the one that does not get its turn ends with exit code 4', async () => {
  const url = await freshPostgresUrl()
  const project = await projectWith([{ id: 'aaaa01', upgrade: `await op.createTable('t', { id: c.integer() }); await op.execute('select pg_advisory_xact_lock(1)')` }])
  await using storage = await postgres({ url })
  const first = await storage.transaction(async (tx) => {
    await tx.query({ sql: 'select pg_advisory_xact_lock(1)' })
    const halted = project.json('upgrade', '--database', url)
    await vi.waitFor(async () => expect((await tx.query({ sql: `select 1 from pg_locks where locktype = 'advisory' and objid = 1 and not granted` })).rows).toHaveLength(1), { timeout: 30_000 })
    const { code, stdout, stderr } = await project.migrate('upgrade', '--database', url, '--lock-timeout', '1')
    expect([code, stdout]).toEqual([4, ''])
    expect(stderr).toMatch(/Another runner/)
    return { halted }
  })
  expect((await first.halted).to).toEqual(['aaaa01'])
})

describe('--sql', () => {
  it('prints the script and touches no database', async () => {
    const project = await projectWith(chain)
    const { code, stdout, stderr } = await project.migrate('upgrade', '--sql')
    expect([code, stderr]).toEqual([0, ''])
    for (const text of ['t_aaaa01', 't_cccc01', 'tidemark_version']) expect(stdout).toContain(text)
    await expect(project.read('app.db')).rejects.toThrow('ENOENT')
    const down = await project.migrate('downgrade', 'cccc01:aaaa01', '--sql')
    expect(down.stdout).toMatch(/drop table[^;]*t_cccc01[\s\S]*drop table[^;]*t_bbbb01/i)
    expect(await project.json('upgrade', 'aaaa01:bbbb01', '--sql')).toEqual({ sql: expect.stringContaining('t_bbbb01') })
  })

  it('speaks the dialect of the database that is named', async () => {
    const project = await projectWith(chain)
    expect((await project.migrate('upgrade', '--sql', '--database', 'postgres://nobody@127.0.0.1:1/x')).stdout).toMatch(/PostgreSQL/)
  })

  it('of a downgrade needs both ends', async () => {
    const { code, stderr } = await (await projectWith(chain)).migrate('downgrade', 'base', '--sql')
    expect(code).toBe(2)
    expect(stderr).toMatch(/both ends/)
  })
})

describe('what would be lost', () => {
  const users = (more: Partial<RevisionSketch> = {}): readonly RevisionSketch[] => [
    { id: 'aaaa01', upgrade: `await op.createTable('users', { id: c.integer().primaryKey(), name: c.text(), age: c.integer() })`, downgrade: `await op.dropTable('users')`, ...more },
    { id: 'bbbb01', down: ['aaaa01'], upgrade: `await op.dropColumn('users', 'age')`, downgrade: `await op.addColumn('users', 'age', c.integer())` },
  ]
  const filled = async () => {
    const project = await projectWith(users())
    await project.json('upgrade', 'aaaa01')
    const storage = await sqljs({ file: path.join(project.cwd, 'app.db') })
    await storage.query({ sql: `insert into users values (1, 'Ada', 36)` })
    await storage.close()
    return project
  }

  it('is not run without a yes, and ends with exit code 5 where nobody can be asked', async () => {
    const project = await filled()
    const { code, stdout, stderr } = await project.migrate('upgrade')
    expect([code, stdout]).toEqual([5, ''])
    expect(stderr).toMatch(/^Error: Nothing was run\nWhy: {3}The upgrade loses data[^\n]*\n +- bbbb01, dropColumn users\.age: .*\nNext: {2}Say --yes/)
    expect((await project.json('current')).current).toEqual(['aaaa01'])
    expect(await project.json('upgrade', '--yes')).toMatchObject({ to: ['bbbb01'], losses: [{ revision: 'bbbb01', operation: 'dropColumn users.age' }] })
  })

  it('is shown by --dry-run, without a question', async () => {
    const project = await filled()
    expect(await project.json('upgrade', '--dry-run')).toMatchObject({ dry_run: true, losses: [{ revision: 'bbbb01' }] })
    expect((await project.migrate('downgrade', 'base', '--dry-run')).stdout).toMatch(/What would be lost\n {2}- aaaa01, dropTable users: /)
  })

  it('is asked about on a terminal', async () => {
    const project = await filled()
    const asked: string[] = []
    const answer = (yes: boolean) => project.migrateIn({ terminal: 80, questions: { confirm: async (message) => (asked.push(message), yes) } }, 'upgrade')
    const no = await answer(false)
    expect([no.code, no.stdout]).toEqual([5, ''])
    expect(no.stderr).toMatch(/You did not agree/)
    expect((await answer(true)).code).toBe(0)
    expect(asked).toEqual(['The upgrade loses data. Go on?', 'The upgrade loses data. Go on?'])
  })

  it('is nothing in an empty database', async () => {
    const project = await projectWith(users({ more: `lossy: 'all users go',` }))
    await project.json('upgrade')
    const { code, stdout } = await project.migrate('downgrade', 'base', '--json')
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ to: [], losses: [] })])
  })

  it('is also what the author says of it', async () => {
    const project = await projectWith([...users().slice(0, 1), { id: 'bbbb01', down: ['aaaa01'], more: `lossy: 'ages were rounded',`, upgrade: '', downgrade: '' }])
    await project.json('upgrade')
    const storage = await sqljs({ file: path.join(project.cwd, 'app.db') })
    await storage.query({ sql: `insert into users values (1, 'Ada', 36)` })
    await storage.close()
    const { code, stderr } = await project.migrate('downgrade', '-1')
    expect([code, stderr]).toEqual([5, expect.stringMatching(/bbbb01, downgrade: It loses data: ages were rounded\./)])
  })
})

describe('--rehearse', () => {
  const people: RevisionSketch = {
    id: 'aaaa01',
    upgrade: `await op.createTable('people', { id: c.integer().primaryKey(), name: c.text() }); await op.insert('people', [{ id: 1, name: 'Ada' }, { id: 2, name: 'Bob' }])`,
    downgrade: `await op.dropTable('people')`,
  }
  const forget: RevisionSketch = { id: 'bbbb01', down: ['aaaa01'], upgrade: `await op.execute('update people set name = null where id = 2')`, downgrade: '' }

  it('runs on a copy first and tells what becomes of the rows', async () => {
    const project = await projectWith([people, forget])
    await project.json('upgrade', 'aaaa01')
    const { code, stdout } = await project.migrate('upgrade', '--rehearse', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Rehearsed on a copy of 1 table with 2 rows\. The database was not touched\.\n[\s\S]*bbbb01, people: 1 row changed, 1 value of name gone \(2 before, 2 after\)[\s\S]*Would go from aaaa01 to bbbb01/)
    expect((await project.json('current')).current).toEqual(['aaaa01'])
    const refused = await project.migrate('upgrade', '--rehearse')
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringMatching(/On a copy, of table people/)])
    expect(await project.json('upgrade', '--rehearse', '--yes')).toMatchObject({
      dry_run: false, to: ['bbbb01'], rehearsal: { copied: [{ table: 'people', rows: 2, complete: true }], steps: [{ revision: 'bbbb01', duration_ms: expect.any(Number) }] },
    })
  })

  it('leaves the database alone where the copy shows that the run would fail', async () => {
    const project = await projectWith([people, { id: 'bbbb01', down: ['aaaa01'], upgrade: `await op.createUnique('uq', 'people', ['name'])`, downgrade: '' }])
    await project.json('upgrade', 'aaaa01')
    const storage = await sqljs({ file: path.join(project.cwd, 'app.db') })
    await storage.query({ sql: `update people set name = 'Ada'` })
    await storage.close()
    const { code, stderr } = await project.migrate('upgrade', '--rehearse')
    expect([code, stderr]).toEqual([1, expect.stringMatching(/rehearsal failed, and nothing was run on the database itself[\s\S]*bbbb01[\s\S]*createUnique uq[\s\S]*rehearse again/)])
    expect((await project.json('history', '-i')).revisions[0]).toMatchObject({ id: 'bbbb01', applied: false, runs: [] })
  })
})
