/** A name that programs which still run know under another one. */
import { rule } from '../rule.ts'

export const renameBreaksOlderPrograms = rule({
  id: 'rename-breaks-older-programs',
  looksAt: ['renameTable', 'alterColumn'],
  check(operation, { trail }) {
    if (operation.kind === 'alterColumn' && (operation.change.name === undefined || operation.change.name === operation.column)) return undefined
    const table = trail.table(operation.kind === 'renameTable' ? operation.from : operation.table)
    if (table.isNew || (operation.kind === 'alterColumn' && trail.column(table.name, operation.column).isNew)) return undefined
    const what = operation.kind === 'renameTable' ? `Table "${operation.from}"` : `Column "${table.name}"."${operation.column}"`
    return {
      severity: 'warning',
      why: `${what} gets another name, and programs of the version before that still run ask for the old one.`,
      safer:
        operation.kind === 'renameTable'
          ? 'Leave a view under the old name until the last of them is gone; or stop them all before the upgrade.'
          : 'Add a column of the new name, keep both filled for one release, and drop the old one later; or stop them all before the upgrade.',
    }
  },
})
