/**
 * Columns of an enum whose type is made anew. They are texts while no such type is there; whatever stands in the way of
 * that goes before.
 */
import type { ColumnType } from '../../schema/column.ts'
import type { NamedColumn, NamingConvention } from '../../schema/table.ts'
import { retypedEnumCheck } from '../op.ts'
import type { TableOperation } from '../operation.ts'
import { enumName } from './enum-changes.ts'
import { type Sides, type TableChange, columnOf } from './table-change.ts'

export interface Recast {
  readonly table: string
  readonly column: NamedColumn
}

export function recastColumns({ before, after }: Sides, replaced: ReadonlySet<string>): Recast[] {
  return [...before.values()].flatMap((table) =>
    after.has(table.name) ? table.columns.flatMap((column) => (replaced.has(enumName(column) ?? '') ? [{ table: table.name, column }] : [])) : [],
  )
}

/** The changes, and for each of these columns one that gives it its type back. */
export function withRecast(changes: readonly TableChange[], recast: readonly Recast[], { after }: Sides): TableChange[] {
  const isOf = (item: TableChange, { table, column }: Recast): boolean => item.change === 'alterColumn' && item.table === table && item.to.name === column.name
  const untouched = recast.filter((one) => !isDropped(changes, one) && !changes.some((item) => isOf(item, one)))
  return [
    ...changes.map((item) => (item.change === 'alterColumn' && recast.some((one) => isOf(item, one)) ? { ...item, aspects: new Set([...item.aspects, 'type' as const]) } : item)),
    ...untouched.map(({ table, column }): TableChange => ({ change: 'alterColumn', table, from: column, to: columnOf(after, table, column.name), aspects: new Set(['type']) })),
  ]
}

/** Whatever is dropped of a table whose enum columns become texts, and foreign keys to it, go before that. */
export function earlyDrops(changes: readonly TableChange[], recastTables: ReadonlySet<string>): (item: TableChange) => boolean {
  const touched = new Set(changes.filter((item) => recastTables.has(item.table) && item.change.startsWith('drop')))
  return (item) => touched.has(item) || (item.change === 'dropForeignKey' && recastTables.has(item.foreignKey.references.table))
}

export function isDropped(changes: readonly TableChange[], { table, column }: Recast): boolean {
  return changes.some((item) => item.change === 'dropColumn' && item.table === table && item.column.name === column.name)
}

export function asText({ table, column }: Recast, naming: NamingConvention): TableOperation[] {
  const type: ColumnType = { kind: 'text' }
  const change = { type, default: column.default === undefined ? undefined : null }
  return [{ kind: 'alterColumn', table, column: column.name, change, enumCheck: retypedEnumCheck(table, column.name, type, naming) }]
}
