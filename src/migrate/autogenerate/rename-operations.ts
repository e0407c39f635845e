/**
 * A rename as operations, there and back. The check that holds an enum to its values is known by a name that is made of
 * those of table and column, so it is made anew under the new one; PostgreSQL has none for an enum type, and to it the
 * type that a column already has is no change.
 */
import { type NamedColumn, type NamingConvention, type TableDefinition, enumCheck } from '../../schema/table.ts'
import { retypedEnumCheck } from '../op.ts'
import type { Operation, TableOperation } from '../operation.ts'
import type { Rename } from './renames.ts'
import { grouped } from './table-operations.ts'

export interface RenameOperations {
  readonly there: readonly Operation[]
  readonly back: readonly Operation[]
}

/** @param table its definition before the rename */
export function renameOperations(rename: Rename, table: TableDefinition, naming: NamingConvention): RenameOperations {
  if (rename.kind === 'table') {
    const { from, to } = rename
    const enums = table.columns.filter((column) => column.type.kind === 'enum')
    const renewed = (at: string, was: string): readonly Operation[] => grouped(at, enums.flatMap((column) => renewedCheck({ table: at, column }, { table: was, column }, naming)))
    return { there: [{ kind: 'renameTable', from, to }, ...renewed(to, from)], back: [{ kind: 'renameTable', from: to, to: from }, ...renewed(from, to)] }
  }
  const step = (from: string, to: string): readonly Operation[] => {
    const column = table.columns.find((candidate) => candidate.name === rename.from)
    const change: Operation = { kind: 'alterColumn', table: table.name, column: from, change: { name: to } }
    if (column?.type.kind !== 'enum') return [change]
    return [change, ...grouped(table.name, renewedCheck({ table: table.name, column: { ...column, name: to } }, { table: table.name, column: { ...column, name: from } }, naming))]
  }
  return { there: step(rename.from, rename.to), back: step(rename.to, rename.from) }
}

interface Place {
  readonly table: string
  readonly column: NamedColumn
}

function renewedCheck(now: Place, was: Place, naming: NamingConvention): TableOperation[] {
  const { table, column } = now
  const old = column.type.kind === 'enum' && column.type.name === undefined ? enumCheck(was.table, was.column, naming) : undefined
  return [
    ...(old === undefined ? [] : [{ kind: 'dropConstraint' as const, table, name: old.name, constraint: undefined }]),
    { kind: 'alterColumn', table, column: column.name, change: { type: column.type }, enumCheck: retypedEnumCheck(table, column.name, column.type, naming) },
  ]
}
