/**
 * The definition that makes a live table again on the same engine. Names that the engine does not keep are made by the
 * naming convention. What no declaration can say (`extras`) is left out.
 */
import { sameName } from '../storage/sqlite/ddl-tokens.ts'
import type { ColumnType } from './column.ts'
import { readEnumCheck } from './enum-check.ts'
import type { LiveCheck, LiveColumn, LiveTable } from './introspect.ts'
import { liveDefault } from './live-default.ts'
import { type CheckDefinition, type KeyDefinition, type NamedColumn, type NamingConvention, type TableDefinition, constraintName, defaultNaming } from './table.ts'

/** @example await applyOperation(tx, { kind: 'createTable', table: liveDefinition(table) }, report) */
export function liveDefinition(table: LiveTable, naming: NamingConvention = defaultNaming): TableDefinition {
  const named = (pattern: string, name: string | undefined, parts: readonly string[]): string => name ?? constraintName(pattern, [table.name, ...parts])
  const enums = new Map<LiveCheck, EnumOf>()
  for (const check of table.checks) {
    const found = enumOf(table, check, naming)
    if (found !== undefined && ![...enums.values()].some((other) => other.column === found.column)) enums.set(check, found)
  }
  const typeOf = (column: LiveColumn): ColumnType | undefined => [...enums.values()].find((found) => found.column === column)?.type
  const key = table.primaryKey
  return {
    name: table.name,
    columns: table.columns.map((column) => liveColumn(column, typeOf(column), key?.columns.some((name) => sameName(name, column.name)) === true)),
    primaryKey: key && { name: named(naming.primaryKey, key.name, []), columns: key.columns },
    uniques: table.uniques.map((unique): KeyDefinition => ({ name: named(naming.unique, unique.name, unique.columns), columns: unique.columns })),
    indexes: table.indexes.map(({ name, columns, unique, where }) => ({ name, columns, unique, where })),
    checks: table.checks.map((check, position): CheckDefinition => {
      const found = enums.get(check)
      const name = named(naming.check, check.name, [String(position + 1)])
      return found === undefined ? { name, expression: check.expression } : { name, expression: check.expression, enumOf: found.column.name }
    }),
    foreignKeys: table.foreignKeys.map(({ name, columns, references, onDelete, onUpdate }) => ({ name: named(naming.foreignKey, name, columns), columns, references, onDelete, onUpdate })),
    comment: table.comment,
  }
}

interface EnumOf {
  readonly column: LiveColumn
  readonly type: ColumnType
}

/**
 * The column whose values a check spells out, when it has the name that goes with an enum. Where the engine has enum
 * types, only enums without a name are checks.
 */
function enumOf(table: LiveTable, check: LiveCheck, naming: NamingConvention): EnumOf | undefined {
  for (const column of table.columns) {
    if (check.name === undefined || column.type.kind !== 'text' || column.type.length !== undefined) continue
    const found = readEnumCheck(check.expression, column.name)
    if (found === undefined) continue
    if (check.name === constraintName(naming.check, [table.name, column.name, 'enum'])) return { column, type: { kind: 'enum', values: found.values, name: undefined } }
    const [before = '', after = ''] = naming.check.split('%')
    const start = `${before}${table.name}_${column.name}_`
    const name = check.name.slice(start.length, check.name.length - after.length)
    if (found.typed && check.name.startsWith(start) && check.name.endsWith(after) && name !== '') return { column, type: { kind: 'enum', values: found.values, name } }
  }
  return undefined
}

function liveColumn(column: LiveColumn, enumType: ColumnType | undefined, primaryKey: boolean): NamedColumn {
  const { name, nullable, generated, comment, declaredType } = column
  const known = column.type.kind === 'other' ? undefined : column.type
  const type = enumType ?? known ?? nearestType(declaredType)
  return { name, type, ...(known === undefined ? { declaredType } : {}), nullable, primaryKey, unique: false, default: liveDefault(column), generated, comment }
}

/** By the rules of affinity of SQLite, which serve well enough for the types of PostgreSQL. */
function nearestType(declared: string): ColumnType {
  if (/int/i.test(declared)) return { kind: 'bigint' }
  if (/char|clob|text/i.test(declared)) return { kind: 'text' }
  if (/blob|^$/i.test(declared)) return { kind: 'bytes' }
  if (/real|floa|doub/i.test(declared)) return { kind: 'real' }
  return { kind: /num|dec|money/i.test(declared) ? 'numeric' : 'text' }
}
