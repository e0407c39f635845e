import { describe, expect, it } from 'vitest'
import { appliedFrom } from '../../src/migrate/applied-operation.ts'
import type { RunRecord } from '../../src/migrate/bookkeeping.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'
import { c } from '../../src/schema/column.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

const things = (last: string): Revision => defineRevision({
  id: 'a1', down: [], message: 'things', createdAt: '2026-11-20T18:00:00Z', transaction: false,
  async upgrade(op) {
    await op.createTable('things', { id: c.integer().primaryKey(), n: c.integer() })
    await op.insert('things', [{ id: 1, n: 1 }])
    await op.alterColumn('things', 'n', { type: c.text() })
    await op.execute(last)
  },
  downgrade: (op) => op.dropTable('things'),
})

describe('the history of a run that is continued', () => {
  it('is one row, with all that was done, how, and how long the runs took together', async () => {
    await using storage = await engineNamed('sqljs memory').open()
    let clock = Date.parse('2026-11-20T18:00:00.000Z')
    const migrator = (last: string): Migrator => new Migrator({ storage, revisions: [things(last)], now: () => clock })
    await expect(migrator('insert into nothing values (1)').upgrade('head', { onProgress: () => (clock += 100) })).rejects.toMatchObject({ code: 'revision_failed' })
    const [half] = await runs(storage)
    // Begins, createTable, insert, alterColumn: the last operation, which failed, came later.
    expect(half).toMatchObject({ outcome: 'halfway', durationMs: 400, checksum: null, startedAt: '2026-11-20T18:00:00.000Z', finishedAt: '2026-11-20T18:00:00.400Z' })
    const grades = (run: RunRecord | undefined): unknown => appliedFrom(run?.operations ?? null).map(({ grade }) => grade)
    expect(grades(half)).toEqual(['native', 'data', 'rebuild'])

    clock += 3_600_000
    await migrator('delete from things').upgrade('head', { onProgress: () => (clock += 10) })
    const [done, ...others] = (await runs(storage)).filter(({ outcome }) => outcome !== 'failed')
    expect(others).toEqual([])
    expect(done).toMatchObject({ outcome: 'done', durationMs: 450, startedAt: '2026-11-20T18:00:00.000Z', checksum: expect.stringMatching(/^[0-9a-f]{64}$/), statementCount: (half?.statementCount ?? 0) + 1 })
    expect(grades(done)).toEqual(['native', 'data', 'rebuild', 'data'])
  })

  async function runs(storage: Storage): Promise<readonly RunRecord[]> {
    return (await new Migrator({ storage, revisions: [things('')] }).history())[0]?.runs ?? []
  }
})
