/** What stands in a script, and what is refused; that it does the same as an online run is shown for each dialect beside. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RevisionGraph } from '../../../src/migrate/graph.ts'
import { Migrator } from '../../../src/migrate/migrator.ts'
import { offlineScript } from '../../../src/migrate/offline/offline-script.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision, type Revision, type RevisionSpec } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import { defineSchema } from '../../../src/schema/table.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

const nothing = async (): Promise<void> => undefined
function revision(id: string, down: readonly string[], upgrade: (op: Op) => Promise<void> = nothing, more: Partial<RevisionSpec> = {}): Revision {
  return defineRevision({ id, down, message: `message of ${id}`, createdAt: '2026-11-20T18:00:00Z', upgrade, ...('irreversible' in more ? {} : { downgrade: nothing }), ...more })
}
const history = [revision('a1', []), revision('b2', ['a1']), revision('c3', ['b2'], nothing, { labels: ['left'] }), revision('d4', ['b2']), revision('e5', ['c3', 'd4'])]

describe.each(['sqljs memory', 'pglite memory'])('a script on %s', (engine) => {
  let storage: Storage
  beforeEach(async () => { storage = await engineNamed(engine).open() })
  afterEach(() => storage.close())

  const running = async (revisions: readonly Revision[], range?: string, direction?: 'downgrade'): Promise<readonly string[]> => {
    const script = await new Migrator({ storage, revisions }).sql(range, { direction })
    return script.split('\n').flatMap((line) => /^-- Running (.*)$/.exec(line)?.[1] ?? [])
  }

  it('has the revisions of the range, from base on unless it says otherwise', async () => {
    expect(await running(history)).toEqual(['upgrade base -> a1: message of a1', 'upgrade a1 -> b2: message of b2', 'upgrade b2 -> d4: message of d4', 'upgrade b2 -> c3: message of c3', 'upgrade c3, d4 -> e5: message of e5'])
    expect(await running(history, 'b2')).toHaveLength(2)
    expect(await running(history, 'b2:left@c3')).toEqual(['upgrade b2 -> c3: message of c3'])
    expect(await running(history, 'a1:')).toHaveLength(4)
    expect(await running(history, ':a1')).toHaveLength(1)
    expect(await running(history, 'a1:+1')).toEqual(['upgrade a1 -> b2: message of b2'])
    expect(await running(history, 'e5:e5')).toEqual([])
    expect(await running(history, 'head:b2', 'downgrade')).toEqual(['downgrade e5 -> c3, d4: message of e5', 'downgrade c3 -> b2: message of c3', 'downgrade d4 -> b2: message of d4'])
    expect(await running(history, 'b2:base', 'downgrade')).toHaveLength(2)
  })

  it('refuses a range that runs the wrong way, has no start to go down from, or names nothing', async () => {
    for (const [range, direction] of [['b2:a1'], ['a1', 'downgrade'], ['a1:', 'downgrade'], [':a1', 'downgrade'], ['a1:b2', 'downgrade'], ['x9'], ['a1:x9']] as const) {
      await expect(running(history, range, direction), range).rejects.toMatchObject({ code: 'revision_target_invalid' })
    }
  })

  it('touches no database', async () => {
    await new Migrator({ storage, revisions: [revision('a1', [], (op) => op.createTable('t', { id: c.integer() }))] }).sql()
    const tables = storage.dialect === 'sqlite' ? 'select name from sqlite_schema' : `select relname from pg_class where relnamespace = current_schema()::regnamespace`
    expect((await storage.query({ sql: tables })).rows).toEqual([])
  })

  it('runs each revision in a transaction, and one without in as many as it has operations', async () => {
    const script = async (transaction: boolean): Promise<string> => new Migrator({
      storage,
      revisions: [revision('a1', [], async (op) => {
        await op.createTable('t', { id: c.integer() }, { indexes: [{ columns: ['id'] }] })
        await op.createIndex('ix', 't', ['id'], { concurrently: !transaction })
      }, { transaction })],
    }).sql()
    const shape = (text: string): readonly string[] => text.split('\n').flatMap((line) => /^(BEGIN|COMMIT|create (?:table|index)(?! if| temp))/i.exec(line)?.[0].toLowerCase() ?? [])
    expect(shape(await script(true))).toEqual(['begin', 'create table', 'create index', 'create index', 'commit'])
    expect(shape(await script(false))).toEqual(['begin', 'commit', 'begin', 'create table', 'create index', 'commit', 'create index', 'begin', 'commit'])
  })

  it('lets no text out of its comments', async () => {
    const migrator = new Migrator({ storage, revisions: [revision('a1', [], nothing, { message: 'one\nDROP TABLE a;\r\nDROP\u2028TABLE b;\vc\u0085d\n', lossy: 'x\ny' })] })
    expect(await migrator.sql('a1:base', { direction: 'downgrade' })).toContain('\n-- Running downgrade a1 -> base: one DROP TABLE a; DROP TABLE b; c d\n-- It loses data: x y\n')
    expect(await migrator.sql()).not.toContain('It loses data')
  })

  it('says of a way back only what is lost on it', async () => {
    expect(await new Migrator({ storage, revisions: history }).sql('b2:base', { direction: 'downgrade' })).not.toContain('It loses data')
  })

  it('begins with its ends, and ends with a line', async () => {
    const script = await new Migrator({ storage, revisions: history }).sql('a1:b2')
    expect(script.split('\n')[0]).toMatch(/^-- upgrade .* from a1 to b2,/)
    expect(script).toMatch(/[^\n]\n$/)
    const empty = await new Migrator({ storage, revisions: history }).sql('e5:e5')
    expect(empty.split('\n').filter((line) => !line.startsWith('-- '))).toEqual([''])
    expect(empty.split('\n')[0]).toContain('from e5 to e5')
  })

  it('goes up over a revision that has no way back', async () => {
    expect(await running([revision('a1', [], nothing, { irreversible: 'gone' })])).toHaveLength(1)
  })

  it('closes the shadow that it was given, and needs none of another dialect', async () => {
    const shadow = await engineNamed(engine).open()
    await new Migrator({ storage, revisions: history, shadows: { [storage.dialect]: async () => shadow } }).sql('a1:b2')
    await expect(shadow.query({ sql: 'select 1' })).rejects.toMatchObject({ code: 'storage_closed' })
    if (storage.dialect === 'postgres') expect(await new Migrator({ storage, revisions: history, shadows: {} }).sql('a1:b2')).toContain('a1 -> b2')
  })

  it('names what the naming convention of the schema names', async () => {
    const schema = defineSchema({ t: { columns: { id: c.integer() }, constraints: {} } }, { naming: { unique: 'only_%' } })
    const script = await new Migrator({ storage, schema, revisions: [revision('a1', [], (op) => op.createTable('t', { id: c.integer().unique() }))] }).sql()
    expect(script).toContain('only_t_id')
  })

  it('refuses a revision that asks the database, and says which', async () => {
    const asking = revision('b2', ['a1'], async (op) => void (await op.query('select 1')))
    await expect(running([revision('a1', []), asking])).rejects.toMatchObject({ code: 'operation_not_supported', what: expect.stringContaining('"b2"'), why: expect.stringContaining('no database'), next: expect.stringContaining('op.offline') })
    // Below the range it is run on the shadow, which is a database.
    expect(await running([revision('a1', []), asking, revision('c3', ['b2'])], 'b2:c3')).toEqual(['upgrade b2 -> c3: message of c3'])
  })

  it('refuses an index that is built concurrently inside a transaction, and a way back that is not there', async () => {
    const concurrent = revision('a1', [], async (op) => {
      await op.createTable('t', { id: c.integer() })
      await op.createIndex('ix', 't', ['id'], { concurrently: true })
    })
    await expect(running([concurrent])).rejects.toMatchObject({ code: 'operation_not_supported', next: expect.stringContaining('transaction: false') })
    await expect(running([revision('a1', [], nothing, { irreversible: 'gone' })], 'a1:base', 'downgrade')).rejects.toMatchObject({ code: 'revision_irreversible' })
  })

  it('tells which operation the code of a revision fails in, without the text of a stranger', async () => {
    const failing = revision('a1', [], () => Promise.reject(new RangeError('Jane Doe')))
    await expect(running([failing])).rejects.toMatchObject({ code: 'revision_failed', message: expect.not.stringContaining('Jane'), why: expect.stringContaining('RangeError') })
  })
})

it('a script for PostgreSQL asks nothing of the database, not even for a shadow', async () => {
  const storage = await engineNamed('pglite memory').open()
  Object.defineProperty(storage, 'openShadow', { value: () => Promise.reject(new Error('It was asked for a shadow')) })
  const migrator = new Migrator({ storage, revisions: [revision('a1', [], (op) => op.execute(`select $$it's$$ as words`))] })
  await storage.close()
  expect(await migrator.sql()).toContain(`\nselect $$it's$$ as words;\n`)
})

it('a script for SQLite is refused where the rows of the history itself break a foreign key', async () => {
  await using storage = await engineNamed('sqljs memory').open()
  const breaking = revision('a1', [], async (op) => {
    await op.createTable('t', { id: c.integer().primaryKey(), t_id: c.integer().references('t', 'id') })
    await op.insert('t', [{ id: 1, t_id: null }, { id: 2, t_id: 1 }])
    await op.execute('delete from t where id = 1')
  })
  await expect(new Migrator({ storage, revisions: [breaking] }).sql()).rejects.toMatchObject({ code: 'revision_failed', cause: { code: 'foreign_key_violated' } })
})

it('a script for SQLite has nothing of what does nothing there', async () => {
  await using storage = await engineNamed('sqljs memory').open()
  const script = await new Migrator({ storage, revisions: [revision('a1', [], async (op) => { await op.createTable('t', { id: c.integer() }); await op.setTableComment('t', 'x') })] }).sql()
  expect(script).toMatch(/^-- createTable t$/m)
  expect(script).not.toMatch(/^-- setTableComment/m)
})

it('a range may be given as two ends', async () => {
  const given = { graph: new RevisionGraph(history), revisions: history, dialect: 'postgres' } as const
  expect(await offlineScript({ ...given, from: 'a1', target: 'b2' })).toBe(await offlineScript({ ...given, range: 'a1:b2' }))
  expect(await offlineScript({ ...given, target: 'b2' })).toBe(await offlineScript({ ...given, range: 'b2' }))
})

it('a script for SQLite tells which revision the way to its start fails in', async () => {
  await using storage = await engineNamed('sqljs memory').open()
  const wrong = revision('a1', [], (op) => op.execute('select * from nowhere'))
  const migrator = new Migrator({ storage, revisions: [wrong, revision('b2', ['a1'])] })
  await expect(migrator.sql('a1:b2')).rejects.toMatchObject({ code: 'revision_failed', details: { revision: 'a1', direction: 'upgrade', operation: 'execute' } })
})
