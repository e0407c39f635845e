/**
 * What rows that are there already get in a new column that is NOT NULL without a default. On the way up that is for a
 * person to say; on the way back an empty value stands for what is gone.
 */
import type { ColumnDefault, ColumnType } from '../../schema/column.ts'
import type { Dialect } from '../../storage/storage.ts'
import type { TableOperation } from '../operation.ts'
import type { PlanNotice } from './plan-changes.ts'

export interface Filled {
  readonly operations: readonly TableOperation[]
  /** Afterwards, one by one: they take the values for old rows away as defaults for new ones. */
  readonly filled: readonly TableOperation[]
  readonly refused: readonly PlanNotice[]
}

/** @param isNew true for a value of an enum that is added by the same plan, which PostgreSQL does not let it use */
export function withFill(operations: readonly TableOperation[], fill: 'refuse' | 'blank', dialect: Dialect, isNew: (name: string, value: string) => boolean): Filled {
  const needs = (operation: TableOperation): operation is Extract<TableOperation, { kind: 'addColumn' }> =>
    operation.kind === 'addColumn' && !operation.column.nullable && operation.column.default === undefined && operation.column.generated === undefined
  const columns = operations.filter(needs)
  if (fill === 'refuse') return { operations, filled: [], refused: columns.map((operation) => ({ operation, text: refusal(operation.column.name) })) }
  return {
    operations: operations.map((operation) => (needs(operation) ? { ...operation, column: { ...operation.column, default: blank(operation.column.type, dialect, isNew) } } : operation)),
    filled: columns.map(({ table, column }) => ({ kind: 'alterColumn', table, column: column.name, change: { default: null } })),
    refused: [],
  }
}

function refusal(column: string): string {
  return `A table with rows refuses this: "${column}" is NOT NULL and has no default. Give it one, or add it nullable, fill it, and set it NOT NULL after that.`
}

function blank(type: ColumnType, dialect: Dialect, isNew: (name: string, value: string) => boolean): ColumnDefault {
  switch (type.kind) {
    case 'integer':
    case 'bigint':
    case 'real':
    case 'numeric':
      return { kind: 'value', value: 0 }
    case 'boolean':
      return { kind: 'value', value: false }
    case 'text':
      return { kind: 'value', value: '' }
    case 'instant':
      return { kind: 'value', value: '1970-01-01T00:00:00.000Z' }
    case 'date':
      return { kind: 'value', value: '1970-01-01' }
    case 'json':
      return { kind: 'value', value: {} }
    case 'uuid':
      return { kind: 'value', value: '00000000-0000-0000-0000-000000000000' }
    case 'bytes':
      return { kind: 'sql', sql: dialect === 'sqlite' ? "x''" : "''::bytea" }
    case 'enum':
      return { kind: 'value', value: type.values.find((value) => !isNew(type.name ?? '', value)) ?? '' }
    default:
      throw new TypeError(`unknown column type ${JSON.stringify(type satisfies never)}`)
  }
}
