/** NOT NULL where there are nulls. */
import { rule } from '../rule.ts'
import { isFilled } from '../schema-trail.ts'

export const notNullOverNulls = rule({
  id: 'not-null-over-nulls',
  looksAt: ['alterColumn'],
  async check({ table: name, column: columnName, change }, { trail, facts }) {
    const table = trail.table(name)
    if (change.nullable !== false || !isFilled(table)) return undefined
    const safer = 'Fill the nulls in an earlier step (`op.updateInBatches`), and give the column a default so that no new ones come.'
    const nulls = trail.column(name, columnName).isBare ? 'yes' : await facts.hasNulls(name, [columnName])
    if (nulls === 'no') return undefined
    if (table.isTouched) {
      return nulls === 'yes' ? { severity: 'notice', why: `Column "${name}"."${columnName}" holds nulls, unless the statements before have filled all of them.`, safer } : undefined
    }
    if (nulls === 'yes') return { severity: 'error', why: `Column "${name}"."${columnName}" holds nulls, so NOT NULL fails.`, safer }
    return { severity: 'warning', why: `NOT NULL would fail if column "${name}"."${columnName}" holds a null; only a database can tell.`, safer }
  },
})
