/** What the way back cannot bring back, without a word about it. */
import { narrowing } from '../type-narrowing.ts'
import { rule } from '../rule.ts'

export const irreversibleWithoutReason = rule({
  id: 'irreversible-without-reason',
  looksAt: ['dropTable', 'dropColumn', 'alterColumn'],
  check(operation, { direction, revision, dialect, trail }) {
    if (direction === 'downgrade' || revision.lossy !== undefined || revision.irreversible !== undefined) return undefined
    const table = trail.table(operation.table)
    if (table.isNew) return undefined
    if (operation.kind === 'dropColumn') {
      const column = trail.column(operation.table, operation.column)
      if (column.isGenerated || column.isNew) return undefined
    }
    if (operation.kind === 'alterColumn') {
      const { type } = trail.column(operation.table, operation.column)
      if (type === undefined || operation.change.type === undefined || narrowing(dialect, type, operation.change.type) === undefined) return undefined
    }
    return {
      severity: 'warning',
      why: 'A downgrade cannot bring back the values that go here, and the revision says neither `lossy` nor `irreversible`.',
      safer: "Say it in the revision: `lossy: 'what is lost'`, or `irreversible: 'why there is no way back'`.",
    }
  },
})
