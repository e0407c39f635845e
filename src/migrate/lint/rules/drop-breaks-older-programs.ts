/** Something that goes, and programs which still run ask for it. */
import { rule } from '../rule.ts'

export const dropBreaksOlderPrograms = rule({
  id: 'drop-breaks-older-programs',
  looksAt: ['dropTable', 'dropColumn'],
  check(operation, { trail }) {
    const table = trail.table(operation.table)
    if (table.isNew || (operation.kind === 'dropColumn' && trail.column(table.name, operation.column).isNew)) return undefined
    const what = operation.kind === 'dropTable' ? `Table "${operation.table}"` : `Column "${operation.table}"."${operation.column}"`
    return {
      severity: 'warning',
      why: `${what} goes, and programs of the version before that still run ask for it.`,
      safer: 'Release a version that does not use it first, and drop it when the last older one is gone.',
    }
  },
})
