/** Values that nobody can bring back. A generated column holds none of its own. */
import { rule } from '../rule.ts'
import { isFilled } from '../schema-trail.ts'

export const dropColumnWithData = rule({
  id: 'drop-column-with-data',
  isLoss: true,
  looksAt: ['dropColumn'],
  async check({ table: name, column: columnName }, { trail, facts }) {
    const table = trail.table(name)
    const column = trail.column(name, columnName)
    if (!isFilled(table) || column.isGenerated || (column.isBare && !table.isTouched)) return undefined
    const values = await facts.hasValues(name, columnName)
    if (values === 'no') return undefined
    return {
      severity: values === 'yes' ? 'error' : 'warning',
      why: values === 'yes' ? `Column "${name}"."${columnName}" holds values, and they go with it.` : `Column "${name}"."${columnName}" goes with its values; whether it has any, only a database can tell.`,
      safer: 'Stop writing it in one release and drop it in a later one; copy what is still needed elsewhere first.',
    }
  },
})
