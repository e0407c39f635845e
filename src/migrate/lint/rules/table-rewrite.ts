/** What makes PostgreSQL write the whole table anew, under a lock that keeps readers out. */
import { isVolatileExpression, typeChangeRewrites } from '../../../storage/postgres/table-rewrite.ts'
import { costSeverity, rule, sized } from '../rule.ts'
import { nameOf } from '../type-narrowing.ts'

export const tableRewrite = rule({
  id: 'table-rewrite',
  dialect: 'postgres',
  looksAt: ['alterColumn', 'addColumn'],
  check(operation, { trail }) {
    const table = trail.table(operation.table)
    const severity = costSeverity(table)
    if (severity === undefined) return undefined
    const why = (reason: string): string => `${reason}, so PostgreSQL writes ${sized(table)} and all its indexes anew; meanwhile nobody can read it.`
    if (operation.kind === 'addColumn') {
      const { name, generated, default: value } = operation.column
      if (generated?.stored === true) return { severity, why: why(`Column "${name}" is generated and stored`), safer: 'Make it `generated(…, { stored: false })` (PostgreSQL 18), or an ordinary column that is filled in batches.' }
      if (value?.kind !== 'sql' || !isVolatileExpression(value.sql)) return undefined
      return { severity, why: why(`The default of column "${name}" may be another one for each row`), safer: 'Add the column without a default, set the default in a second step, and fill the rows with `op.updateInBatches`.' }
    }
    const { type, using } = operation.change
    if (type === undefined) return undefined
    const from = trail.column(table.name, operation.column).type
    // Towards a text without a limit nothing is written, if it comes from one; that is the usual case.
    if (using === undefined && (from === undefined ? type.kind === 'text' && type.length === undefined : !typeChangeRewrites(from, type))) return undefined
    return { severity, why: why(`Column "${operation.column}" becomes ${nameOf(type)}`), safer: 'Add a column of the new type, fill it with `op.updateInBatches`, switch the programs over, and drop the old one later.' }
  },
})
