/** Rows that nobody can bring back. */
import { rule, sized } from '../rule.ts'
import { isFilled } from '../schema-trail.ts'

export const dropTableWithRows = rule({
  id: 'drop-table-with-rows',
  isLoss: true,
  looksAt: ['dropTable'],
  async check(operation, { trail, facts }) {
    const table = trail.table(operation.table)
    const rows = await facts.hasRows(table.name)
    if (rows === 'no' || (rows === 'unknown' && !isFilled(table))) return undefined
    return {
      severity: 'error',
      why: rows === 'unknown' && table.rows === undefined ? `All rows of table "${table.name}" go with it, and nobody has said that it is empty.` : `All rows of ${sized(table)} go with it.`,
      safer: 'Rename it first and drop it in a later release, when nobody has missed it; keep a copy of what it holds.',
    }
  },
})
