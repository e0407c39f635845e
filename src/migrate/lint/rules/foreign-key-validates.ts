/** A foreign key that checks all rows at once, while nobody can write either table. */
import { costSeverity, rule, sized } from '../rule.ts'

export const foreignKeyValidates = rule({
  id: 'foreign-key-validates',
  dialect: 'postgres',
  looksAt: ['createForeignKey', 'addColumn'],
  check(operation, { trail }) {
    const { foreignKey } = operation
    if (foreignKey === undefined || (operation.kind === 'createForeignKey' && operation.notValid)) return undefined
    const table = trail.table(operation.table)
    const severity = costSeverity(table)
    if (severity === undefined) return undefined
    const waiting = operation.kind === 'addColumn' ? `nobody can read ${sized(table)} or write "${foreignKey.references.table}"` : `nobody can write ${sized(table)} or "${foreignKey.references.table}"`
    return {
      severity,
      why: `While foreign key "${foreignKey.name}" is checked against all rows, ${waiting}.`,
      safer: 'Add it with `op.createForeignKey(…, { notValid: true })`, and validate it in a later revision: `alter table … validate constraint …`.',
    }
  },
})
