/** PostgreSQL lets a value that was added to an enum be used only when the transaction has ended. */
import { holdsLiteral } from '../raw-sql.ts'
import { type Judgement, type LintStep, rule } from '../rule.ts'
import type { Operation } from '../../operation.ts'
import type { ColumnType } from '../../../schema/column.ts'

export const enumValueUsedInSameRevision = rule({
  id: 'enum-value-used-in-same-revision',
  dialect: 'postgres',
  looksAt: ['alterEnum'],
  check({ name, change }, step): Judgement | undefined {
    // Each operation then commits by itself. A type that is made in the same transaction gives its values at once.
    if (step.revision.transaction === false || step.trail.isNewEnum(name)) return undefined
    for (const operation of step.later) {
      const use = useOf(operation, name, change.add, step)
      if (use === undefined) continue
      return {
        severity: use,
        operation,
        why: `The revision adds a value to enum "${name}" and ${use === 'error' ? 'uses' : 'may use'} it in the same transaction, which PostgreSQL refuses.`,
        safer: 'Use the value in the next revision; or set `transaction: false`, so that each operation commits by itself.',
      }
    }
    return undefined
  },
})

function useOf(operation: Operation, name: string, value: string, { trail }: LintStep): 'error' | 'warning' | undefined {
  const isOfEnum = (type: ColumnType | { readonly kind: 'other' } | undefined): boolean => type?.kind === 'enum' && type.name === name
  const isDefault = (type: ColumnType | undefined, fallback: unknown): boolean => isOfEnum(type) && JSON.stringify(fallback) === JSON.stringify({ kind: 'value', value })
  switch (operation.kind) {
    case 'insert': {
      const columns = operation.rows.flatMap((row) => Object.keys(row).filter((column) => row[column] === value))
      const types = columns.map((column) => trail.column(operation.table, column).type)
      return types.some(isOfEnum) ? 'error' : types.includes(undefined) ? 'warning' : undefined
    }
    case 'addColumn':
      return isDefault(operation.column.type, operation.column.default) ? 'error' : undefined
    case 'alterColumn':
      return isDefault(operation.change.type, operation.change.default) ? 'error' : undefined
    case 'createTable':
      return operation.table.columns.some((column) => isDefault(column.type, column.default)) ? 'error' : undefined
    case 'createCheck':
      return holdsLiteral(operation.check.expression, value) ? 'warning' : undefined
    case 'updateInBatches':
      return holdsLiteral(`${operation.set} ${operation.where ?? ''}`, value) ? 'warning' : undefined
    case 'execute':
      return holdsLiteral(operation.statement.sql, value) || operation.statement.parameters?.includes(value) === true ? 'warning' : undefined
    default:
      return undefined
  }
}
