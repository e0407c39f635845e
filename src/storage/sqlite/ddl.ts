/**
 * The words of SQLite's DDL: types, columns, constraints, tables, indexes. Text made from data; which statements bring
 * a change about is decided in `ddl-plan.ts`. Types are declared so that a row can be decoded by them
 * (`INSTANT TEXT`, `JSON TEXT`, …) and their affinity is the right one. SQLite keeps no comments, so none are written.
 */
import type { ColumnDefault, ColumnType } from '../../schema/column.ts'
import { quoteIdentifier as id, quoteList, quoteLiteral } from '../../schema/identifier.ts'
import type { CheckDefinition, ForeignKeyDefinition, IndexDefinition, KeyDefinition, NamedColumn, TableDefinition } from '../../schema/table.ts'

export function sqliteType(type: ColumnType): string {
  switch (type.kind) {
    case 'integer':
      return 'INTEGER'
    case 'bigint':
      return 'BIGINT'
    case 'real':
      return 'REAL'
    case 'numeric':
      return type.precision === undefined ? 'NUMERIC' : `NUMERIC(${type.precision}, ${type.scale ?? 0})`
    case 'text':
      return type.length === undefined ? 'TEXT' : `VARCHAR(${type.length})`
    case 'boolean':
      return 'BOOLEAN'
    case 'instant':
      return 'INSTANT TEXT'
    case 'date':
      return 'DATE TEXT'
    case 'json':
      return 'JSON TEXT'
    case 'bytes':
      return 'BLOB'
    case 'uuid':
      return 'UUID TEXT'
    case 'enum':
      return 'TEXT'
    default:
      throw new TypeError(`unknown column type ${JSON.stringify(type satisfies never)}`)
  }
}

export function createTableText(table: TableDefinition): string {
  // Only a key that is part of the column makes an integer the rowid itself.
  const only = table.primaryKey?.columns.length === 1 ? table.primaryKey.columns[0] : undefined
  const rowid = table.columns.find((column) => column.name === only && column.type.kind === 'integer')
  const lines = [
    ...table.columns.map((column) => columnText(column) + (column === rowid && table.primaryKey ? ` CONSTRAINT ${id(table.primaryKey.name)} PRIMARY KEY` : '')),
    ...(table.primaryKey && !rowid ? [primaryKeyText(table.primaryKey)] : []),
    ...table.uniques.map(uniqueText),
    ...table.checks.map(checkText),
    ...table.foreignKeys.map(foreignKeyText),
  ]
  return `CREATE TABLE ${id(table.name)} (\n  ${lines.join(',\n  ')}\n)`
}

export function columnText(column: NamedColumn): string {
  let text = `${id(column.name)} ${column.declaredType ?? sqliteType(column.type)}`
  if (column.generated) text += ` GENERATED ALWAYS AS (${column.generated.expression}) ${column.generated.stored ? 'STORED' : 'VIRTUAL'}`
  if (!column.nullable) text += ' NOT NULL'
  if (column.default) text += ` DEFAULT ${defaultText(column.default, column.type)}`
  return text
}

export function defaultText(value: ColumnDefault, type: ColumnType | undefined): string {
  if (value.kind === 'sql') return `(${value.sql})`
  if (value.kind === 'now') return type?.kind === 'date' ? "(strftime('%Y-%m-%d','now'))" : "(strftime('%Y-%m-%dT%H:%M:%fZ','now'))"
  const plain = value.value
  if (type?.kind === 'json' || (typeof plain === 'object' && plain !== null)) return quoteLiteral(JSON.stringify(plain))
  if (typeof plain === 'boolean') return plain ? '1' : '0'
  return typeof plain === 'string' ? quoteLiteral(plain) : String(plain)
}

export function primaryKeyText(key: KeyDefinition): string {
  return `CONSTRAINT ${id(key.name)} PRIMARY KEY ${quoteList(key.columns)}`
}

export function uniqueText(key: KeyDefinition): string {
  return `CONSTRAINT ${id(key.name)} UNIQUE ${quoteList(key.columns)}`
}

export function checkText(check: CheckDefinition): string {
  return `CONSTRAINT ${id(check.name)} CHECK (${check.expression})`
}

export function foreignKeyText(key: ForeignKeyDefinition): string {
  return `CONSTRAINT ${id(key.name)} FOREIGN KEY ${quoteList(key.columns)} ${referencesText(key)}`
}

/** The part that also stands behind a column: `REFERENCES …`. */
export function referencesText(key: ForeignKeyDefinition): string {
  const actions = `${key.onDelete === 'no action' ? '' : ` ON DELETE ${key.onDelete.toUpperCase()}`}${key.onUpdate === 'no action' ? '' : ` ON UPDATE ${key.onUpdate.toUpperCase()}`}`
  return `REFERENCES ${id(key.references.table)} ${quoteList(key.references.columns)}${actions}`
}

export function createIndexText(table: string, index: IndexDefinition): string {
  const columns = index.columns.map((part) => `${'column' in part ? id(part.column) : `(${part.expression})`}${part.order === 'desc' ? ' DESC' : ''}`)
  return `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${id(index.name)} ON ${id(table)} (${columns.join(', ')})${index.where === undefined ? '' : ` WHERE ${index.where}`}`
}
