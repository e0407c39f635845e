/** A check that reads all rows, while nobody can read or write the table. */
import { typeChangeRewrites } from '../../../storage/postgres/table-rewrite.ts'
import type { CheckDefinition } from '../../../schema/table.ts'
import type { Operation } from '../../operation.ts'
import { holdsName } from '../raw-sql.ts'
import { costSeverity, rule, sized } from '../rule.ts'
import type { Trail } from '../schema-trail.ts'

type Change = Extract<Operation, { readonly kind: 'createCheck' | 'addColumn' | 'alterColumn' }>

export const checkValidates = rule({
  id: 'check-validates',
  dialect: 'postgres',
  looksAt: ['createCheck', 'addColumn', 'alterColumn'],
  check(operation, { trail }) {
    const table = trail.table(operation.table)
    const severity = costSeverity(table)
    if (severity === undefined) return undefined
    const check = newCheck(operation)
    if (check !== undefined) {
      return {
        severity,
        why: `While check "${check.name}" is asked of all rows, nobody can read or write ${sized(table)}.`,
        safer: 'Add it with op.execute as `… check (…) not valid`, and validate it in a later revision: `alter table … validate constraint …`.',
      }
    }
    if (operation.kind !== 'alterColumn' || !asksAgain(operation, trail)) return undefined
    return {
      severity,
      why: `With a new type of column "${operation.column}" PostgreSQL asks the checks that name it of all rows again, and meanwhile nobody can read or write ${sized(table)}.`,
      safer: 'Drop the check first, and add it again as NOT VALID afterwards; validate it in a later revision.',
    }
  },
})

function newCheck(operation: Change): CheckDefinition | undefined {
  if (operation.kind === 'createCheck') return operation.check
  const [type, check] = operation.kind === 'addColumn' ? [operation.column.type, operation.check] : [operation.change.type, operation.enumCheck?.check]
  // An enum with a name is a type of its own.
  return type?.kind === 'enum' && type.name === undefined ? check : undefined
}

/** A table that is written anew is read anyway, and told so. */
function asksAgain({ table, column, change }: Extract<Operation, { readonly kind: 'alterColumn' }>, trail: Trail): boolean {
  const { type } = trail.column(table, column)
  if (change.type === undefined || type === undefined || change.using !== undefined || typeChangeRewrites(type, change.type)) return false
  return trail.table(table).checks.some((check) => holdsName('postgres', check, column))
}
