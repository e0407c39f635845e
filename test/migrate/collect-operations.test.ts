import { describe, expect, it } from 'vitest'
import { collectOperations } from '../../src/migrate/collect-operations.ts'
import type { Op } from '../../src/migrate/op.ts'
import { defineRevision, type Revision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import { defaultNaming } from '../../src/schema/table.ts'

const options = { dialect: 'postgres', naming: defaultNaming } as const

function revision(upgrade: (op: Op) => Promise<void>, downgrade: (op: Op) => Promise<void> = async () => undefined): Revision {
  return defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', upgrade, downgrade })
}

describe('reading a revision without a database', () => {
  it('gives its operations in order, for the direction and dialect asked', async () => {
    const both = revision(
      async (op) => {
        await op.createTable('t', { id: c.integer().primaryKey() })
        if (op.dialect === 'postgres') await op.execute('analyze t')
      },
      (op) => op.dropTable('t'),
    )
    const up = await collectOperations(both, 'upgrade', options)
    expect(up.operations.map((operation) => operation.kind)).toEqual(['createTable', 'execute'])
    expect(up.unreadable).toBeUndefined()
    expect((await collectOperations(both, 'upgrade', { ...options, dialect: 'sqlite' })).operations).toHaveLength(1)
    expect((await collectOperations(both, 'downgrade', options)).operations).toEqual([{ kind: 'dropTable', table: 't' }])
  })

  it('names what the naming convention names', async () => {
    const { operations } = await collectOperations(revision((op) => op.addColumn('t', 'a', c.text().unique())), 'upgrade', { ...options, naming: { ...defaultNaming, unique: 'only_%' } })
    expect(operations).toMatchObject([{ unique: { name: 'only_t_a' } }])
  })

  it('says why it ends where the revision asks the database, and gives what came before', async () => {
    const asking = revision(async (op) => {
      await op.dropTable('old')
      await op.query('select 1')
      await op.dropTable('never')
    })
    const { operations, unreadable } = await collectOperations(asking, 'upgrade', options)
    expect(operations).toEqual([{ kind: 'dropTable', table: 'old' }])
    expect(unreadable).toMatchObject({ code: 'operation_not_supported', why: expect.stringContaining('no database'), next: expect.stringContaining('op.offline'), details: { revision: 'a1' } })
  })

  it('lets a revision leave a question out when it is read', async () => {
    const careful = revision(async (op) => {
      if (!op.offline) await op.query('select 1')
      await op.dropTable('old')
    })
    expect(await collectOperations(careful, 'upgrade', options)).toMatchObject({ operations: [{ kind: 'dropTable' }], unreadable: undefined })
  })

  it('tells that its code failed, without the text of a stranger', async () => {
    const { unreadable } = await collectOperations(revision(() => Promise.reject(new RangeError('Jane Doe'))), 'upgrade', options)
    expect(unreadable?.message).toContain('RangeError')
    expect(unreadable?.message).not.toContain('Jane')
    expect(unreadable?.cause).toBeInstanceOf(RangeError)
  })

  it('has nothing to tell of a way back that is not there', async () => {
    const final = defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', irreversible: 'gone', upgrade: async () => undefined })
    expect(await collectOperations(final, 'downgrade', options)).toEqual({ operations: [], unreadable: undefined })
  })
})
