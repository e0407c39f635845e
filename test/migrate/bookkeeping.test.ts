import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TidemarkError } from '../../src/errors.ts'
import { Bookkeeping } from '../../src/migrate/bookkeeping.ts'
import { runRecord } from '../../src/migrate/run-record.ts'
import type { Queryable, Storage } from '../../src/storage/storage.ts'
import { engines } from '../support/engines.ts'

describe.each(engines)('the bookkeeping of migrations on $name', (engine) => {
  let storage: Storage
  const bookkeeping = (): Bookkeeping => new Bookkeeping(storage.dialect, 'tidemark_version', 'tidemark_history')
  beforeEach(async () => { storage = await engine.open() })
  afterEach(() => storage.close())

  it('has no rows and no runs where there are no tables', async () => {
    expect(await bookkeeping().read(storage)).toEqual([])
    expect(await bookkeeping().runs(storage)).toEqual([])
  })

  it('reads the rows of a version table that another runner made just after it was not found', async () => {
    let overtaken = false
    const slow: Queryable = {
      async query(statement) {
        try {
          return await storage.query(statement)
        } catch (error) {
          if (!overtaken) await migratedElsewhere()
          overtaken = true
          throw error
        }
      },
    }
    expect(await bookkeeping().read(slow)).toEqual(['a1'])
    expect(overtaken).toBe(true)
  })

  it('passes on why a version table that is there cannot be read', async () => {
    await storage.query({ sql: 'create table tidemark_version (revision text)' })
    await expect(bookkeeping().read(storage)).rejects.toMatchObject({ code: 'statement_failed' })
  })

  it('never takes a database that could not be asked for one that has no version table', async () => {
    const busy: Queryable = { query: (statement) => (statement.sql.includes('version_num') ? Promise.reject(new TidemarkError('storage_busy', 'Cannot read', { why: 'x', next: 'x' })) : storage.query(statement)) }
    await expect(bookkeeping().read(busy)).rejects.toMatchObject({ code: 'storage_busy' })
  })

  it('writes nothing over rows that are not the expected ones', async () => {
    await migratedElsewhere()
    for (const [before, after] of [[['z9'], ['b2']], [['a1', 'z9'], []]] as const) {
      await expect(storage.transaction((tx) => bookkeeping().write(tx, before, after))).rejects.toMatchObject({ code: 'internal' })
      expect(await bookkeeping().read(storage)).toEqual(['a1'])
    }
  })

  it('goes on with a run that is half-way only from where it was seen', async () => {
    const run = { ...runRecord({ outcome: 'halfway', checksum: null, operations: null, statementCount: 1 }, 'b2', 'upgrade', 0, 0), outcome: 'halfway' } as const
    await migratedElsewhere()
    await storage.transaction((tx) => bookkeeping().record(tx, run))
    const seen = await bookkeeping().halfWay(storage)
    if (seen === undefined) throw new Error('It is not noted')
    const goOn = (statementCount: number): Promise<void> => storage.transaction((tx) => bookkeeping().replace(tx, seen, { ...run, statementCount }))
    await goOn(2)
    await expect(goOn(3)).rejects.toMatchObject({ code: 'internal' })
    expect(await bookkeeping().runs(storage)).toEqual([{ ...run, statementCount: 2 }])
    await storage.transaction((tx) => bookkeeping().giveUp(tx))
    expect(await bookkeeping().runs(storage)).toEqual([{ ...run, statementCount: 2, outcome: 'failed' }])
  })

  async function migratedElsewhere(): Promise<void> {
    await storage.transaction(async (tx) => {
      await bookkeeping().ensure(tx)
      await bookkeeping().write(tx, [], ['a1'])
    })
  }
})
