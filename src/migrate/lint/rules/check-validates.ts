/** A check that reads all rows, while nobody can read or write the table. */
import { costSeverity, rule, sized } from '../rule.ts'

export const checkValidates = rule({
  id: 'check-validates',
  dialect: 'postgres',
  looksAt: ['createCheck', 'addColumn', 'alterColumn'],
  check(operation, { trail }) {
    const check = operation.kind === 'createCheck' ? operation.check : operation.kind === 'addColumn' ? typeCheck(operation.column.type, operation.check) : typeCheck(operation.change.type, operation.enumCheck?.check)
    const table = trail.table(operation.table)
    const severity = costSeverity(table)
    if (check === undefined || severity === undefined) return undefined
    return {
      severity,
      why: `While check "${check.name}" is asked of all rows, nobody can read or write ${sized(table)}.`,
      safer: 'Add it with op.execute as `… check (…) not valid`, and validate it in a later revision: `alter table … validate constraint …`.',
    }
  },
})

/** The check behind an enum; one with a name is a type of its own and has none. */
function typeCheck<T>(type: { readonly kind: string; readonly name?: string | undefined } | undefined, check: T | undefined): T | undefined {
  return type?.kind === 'enum' && type.name === undefined ? check : undefined
}
