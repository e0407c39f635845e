import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bookkeeping } from '../../src/migrate/bookkeeping.ts'
import type { Queryable, Storage } from '../../src/storage/storage.ts'
import { engines } from '../support/engines.ts'

describe.each(engines)('the bookkeeping of migrations on $name', (engine) => {
  let storage: Storage
  const bookkeeping = (): Bookkeeping => new Bookkeeping(storage.dialect, 'tidemark_version', 'tidemark_history')
  beforeEach(async () => { storage = await engine.open() })
  afterEach(() => storage.close())

  it('has no rows where there is no version table', async () => {
    expect(await bookkeeping().read(storage)).toEqual([])
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

  async function migratedElsewhere(): Promise<void> {
    await storage.transaction(async (tx) => {
      await bookkeeping().ensure(tx)
      await bookkeeping().write(tx, [], ['a1'])
    })
  }
})
