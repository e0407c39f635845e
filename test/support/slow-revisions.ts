/** Revisions whose operations count what is done: each row ends at 3, once the second one is applied as a whole. */
import { setTimeout as pause } from 'node:timers/promises'
import { c } from '../../src/schema/column.ts'
import { type Revision, defineRevision } from '../../src/migrate/revision.ts'

export const countedRows = 1_500

export const counters: Revision = defineRevision({
  id: 'a1', down: [], message: 'counters', createdAt: '2026-11-20T18:00:00Z',
  async upgrade(op) {
    await op.createTable('counters', { id: c.integer().primaryKey(), n: c.integer().notNull(), body: c.text() })
    await op.insert('counters', Array.from({ length: countedRows }, (_, id) => ({ id, n: 0, body: `row ${id} `.repeat(20) })))
  },
  downgrade: (op) => op.dropTable('counters'),
})

export const counted: Revision = defineRevision({
  id: 'b2', down: ['a1'], message: 'count', createdAt: '2026-11-20T18:00:00Z',
  async upgrade(op) {
    await op.createTable('marks', { id: c.integer().primaryKey(), counter: c.integer().notNull().references('counters', 'id') })
    await pause(2)
    await op.updateInBatches('counters', { set: 'n = n + 1', size: 60 })
    await op.insert('marks', [{ id: 1, counter: 7 }])
    await pause(2)
    await op.execute('update counters set n = n + 1')
    await op.createIndex('ix_counters_n', 'counters', ['n'])
    await pause(2)
    await op.alterColumn('counters', 'body', { type: c.text({ length: 500 }), nullable: false })
    await op.addColumn('marks', 'note', c.text().notNull().default('none'))
    await pause(2)
    await op.updateInBatches('counters', { set: 'n = n + 1', size: 400 })
  },
  downgrade: async () => undefined,
})
