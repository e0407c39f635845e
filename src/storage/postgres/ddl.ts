/**
 * Operations as PostgreSQL statements. One operation can need several; all of them run inside a transaction, but for
 * indexes that are built or dropped concurrently. Everything here is text made from data: no database is asked.
 */
import { insertStatements } from '../../migrate/insert-rows.ts'
import type { Operation } from '../../migrate/operation.ts'
import { updateStatement } from '../../migrate/update-rows.ts'
import type { ColumnDefault, ColumnType } from '../../schema/column.ts'
import { quoteIdentifier as id, quoteList, quoteLiteral } from '../../schema/identifier.ts'
import type { CheckDefinition, ForeignKeyDefinition, IndexDefinition, NamedColumn, TableDefinition } from '../../schema/table.ts'
import type { Statement } from '../storage.ts'

export function postgresStatements(operation: Operation): Statement[] {
  return [...statementsOf(operation)].map((item) => (typeof item === 'string' ? { sql: item } : item))
}

/** The type of a column as PostgreSQL spells it. An enum with a name is a type of the database, without one it is a text with a check. */
export function postgresType(type: ColumnType): string {
  switch (type.kind) {
    case 'integer':
    case 'bigint':
    case 'boolean':
    case 'date':
    case 'uuid':
      return type.kind
    case 'real':
      return 'double precision'
    case 'numeric':
      return type.precision === undefined ? 'numeric' : `numeric(${type.precision}, ${type.scale ?? 0})`
    case 'text':
      return type.length === undefined ? 'text' : `varchar(${type.length})`
    case 'instant':
      return 'timestamptz(3)'
    case 'json':
      return 'jsonb'
    case 'bytes':
      return 'bytea'
    case 'enum':
      return type.name === undefined ? 'text' : id(type.name)
    default:
      throw new TypeError(`unknown column type ${JSON.stringify(type satisfies never)}`)
  }
}

function* statementsOf(operation: Operation): Generator<string | Statement> {
  switch (operation.kind) {
    case 'createTable':
      yield* createTable(operation.table)
      return
    case 'dropTable':
      yield `drop table ${id(operation.table)}`
      return
    case 'renameTable':
      yield `alter table ${id(operation.from)} rename to ${id(operation.to)}`
      return
    case 'createEnum':
      yield `create type ${id(operation.name)} as enum (${operation.values.map(quoteLiteral).join(', ')})`
      return
    case 'alterEnum': {
      const { add, before, after } = operation.change
      const place = before !== undefined ? ` before ${quoteLiteral(before)}` : after !== undefined ? ` after ${quoteLiteral(after)}` : ''
      yield `alter type ${id(operation.name)} add value ${quoteLiteral(add)}${place}`
      return
    }
    case 'dropEnum':
      yield `drop type ${id(operation.name)}`
      return
    case 'addColumn': {
      const { table, column, unique, foreignKey, check } = operation
      const parts = [`add column ${columnText(column)}`]
      if (unique) parts.push(`add constraint ${id(unique.name)} unique ${quoteList(unique.columns)}`)
      if (check && !isTypeOfItsOwn(column.type)) parts.push(`add ${checkText(check)}`)
      if (foreignKey) parts.push(`add ${foreignKeyText(foreignKey)}`)
      yield `alter table ${id(table)} ${parts.join(', ')}`
      if (column.comment !== undefined) yield columnComment(table, column.name, column.comment)
      return
    }
    case 'dropColumn':
      yield `alter table ${id(operation.table)} drop column ${id(operation.column)}`
      return
    case 'alterColumn':
      yield* alterColumn(operation)
      return
    case 'createIndex':
      yield indexText(operation.table, operation.index, operation.concurrently)
      return
    case 'dropIndex':
      yield operation.concurrently === true ? `drop index concurrently if exists ${id(operation.name)}` : `drop index ${id(operation.name)}`
      return
    case 'createPrimaryKey':
      yield `alter table ${id(operation.table)} add constraint ${id(operation.primaryKey.name)} primary key ${quoteList(operation.primaryKey.columns)}`
      return
    case 'createUnique':
      yield `alter table ${id(operation.table)} add constraint ${id(operation.unique.name)} unique ${quoteList(operation.unique.columns)}`
      return
    case 'createForeignKey':
      yield `alter table ${id(operation.table)} add ${foreignKeyText(operation.foreignKey)}${operation.notValid ? ' not valid' : ''}`
      return
    case 'createCheck':
      yield `alter table ${id(operation.table)} add ${checkText(operation.check)}`
      return
    case 'dropConstraint':
      yield `alter table ${id(operation.table)} drop constraint ${id(operation.name)}`
      return
    case 'setTableComment':
      yield tableComment(operation.table, operation.comment)
      return
    case 'setColumnComment':
      yield columnComment(operation.table, operation.column, operation.comment)
      return
    case 'batch':
      for (const change of operation.operations) yield* statementsOf(change)
      return
    case 'execute':
      yield operation.statement
      return
    case 'insert':
      yield* insertStatements(operation.table, operation.rows, (position) => `$${position}`)
      return
    case 'updateInBatches':
      yield updateStatement(operation)
      return
    default:
      throw new TypeError(`unknown operation ${JSON.stringify(operation satisfies never)}`)
  }
}

function* createTable(table: TableDefinition): Generator<string> {
  const native = new Set(table.columns.filter((column) => isTypeOfItsOwn(column.type)).map((column) => column.name))
  const lines = [
    ...table.columns.map(columnText),
    ...(table.primaryKey ? [`constraint ${id(table.primaryKey.name)} primary key ${quoteList(table.primaryKey.columns)}`] : []),
    ...table.uniques.map((unique) => `constraint ${id(unique.name)} unique ${quoteList(unique.columns)}`),
    ...table.checks.filter((check) => check.enumOf === undefined || !native.has(check.enumOf)).map(checkText),
    ...table.foreignKeys.map(foreignKeyText),
  ]
  yield `create table ${id(table.name)} (\n  ${lines.join(',\n  ')}\n)`
  for (const index of table.indexes) yield indexText(table.name, index)
  if (table.comment !== undefined) yield tableComment(table.name, table.comment)
  for (const column of table.columns) if (column.comment !== undefined) yield columnComment(table.name, column.name, column.comment)
}

function* alterColumn({ table, column, change, enumCheck }: Extract<Operation, { kind: 'alterColumn' }>): Generator<string> {
  const target = id(column)
  const parts: string[] = []
  if (enumCheck) parts.push(`drop constraint if exists ${id(enumCheck.replaces)}`)
  if (change.type) {
    const type = postgresType(change.type)
    // A default of the old type may not convert by itself; it comes back below when a new one was asked for.
    if (change.default !== undefined) parts.push(`alter column ${target} drop default`)
    // Towards text PostgreSQL converts by itself, and then refuses what is too long; an explicit cast would cut it.
    const using = change.using ?? (change.type.kind === 'text' ? undefined : `${target}::${type}`)
    parts.push(`alter column ${target} type ${type}${using === undefined ? '' : ` using ${using}`}`)
  }
  if (change.nullable !== undefined) parts.push(`alter column ${target} ${change.nullable ? 'drop' : 'set'} not null`)
  if (parts.length > 0) yield `alter table ${id(table)} ${parts.join(', ')}`
  // On its own: one ALTER TABLE takes defaults before types, so the new default would meet the old type.
  if (change.default === null && !change.type) yield `alter table ${id(table)} alter column ${target} drop default`
  if (change.default) yield `alter table ${id(table)} alter column ${target} set default ${defaultText(change.default, change.type)}`
  if (enumCheck?.check && change.type && !isTypeOfItsOwn(change.type)) yield `alter table ${id(table)} add ${checkText(enumCheck.check)}`
  if (change.comment !== undefined) yield columnComment(table, column, change.comment)
  if (change.name !== undefined) yield `alter table ${id(table)} rename column ${target} to ${id(change.name)}`
}

function columnText(column: NamedColumn): string {
  let text = `${id(column.name)} ${column.declaredType ?? postgresType(column.type)}`
  if (column.generated) text += ` generated always as (${column.generated.expression}) ${column.generated.stored ? 'stored' : 'virtual'}`
  if (!column.nullable) text += ' not null'
  if (column.default) text += ` default ${defaultText(column.default, column.type)}`
  return text
}

function defaultText(value: ColumnDefault, type: ColumnType | undefined): string {
  if (value.kind === 'sql') return `(${value.sql})`
  if (value.kind === 'now') return type?.kind === 'date' ? 'current_date' : 'now()'
  const plain = value.value
  if (type?.kind === 'json' || (typeof plain === 'object' && plain !== null)) return quoteLiteral(JSON.stringify(plain))
  return typeof plain === 'string' ? quoteLiteral(plain) : String(plain)
}

function isTypeOfItsOwn(type: ColumnType): boolean {
  return type.kind === 'enum' && type.name !== undefined
}

function checkText(check: CheckDefinition): string {
  return `constraint ${id(check.name)} check (${check.expression})`
}

function foreignKeyText(key: ForeignKeyDefinition): string {
  const actions = `${key.onDelete === 'no action' ? '' : ` on delete ${key.onDelete}`}${key.onUpdate === 'no action' ? '' : ` on update ${key.onUpdate}`}`
  return `constraint ${id(key.name)} foreign key ${quoteList(key.columns)} references ${id(key.references.table)} ${quoteList(key.references.columns)}${actions}`
}

function indexText(table: string, index: IndexDefinition, concurrently = false): string {
  const columns = index.columns.map((part) => `${'column' in part ? id(part.column) : `(${part.expression})`}${part.order === 'desc' ? ' desc' : ''}`)
  return `create ${index.unique ? 'unique ' : ''}index ${concurrently ? 'concurrently ' : ''}${id(index.name)} on ${id(table)} (${columns.join(', ')})${index.where === undefined ? '' : ` where ${index.where}`}`
}

function tableComment(table: string, comment: string | null): string {
  return `comment on table ${id(table)} is ${comment === null ? 'null' : quoteLiteral(comment)}`
}

function columnComment(table: string, column: string, comment: string | null): string {
  return `comment on column ${id(table)}.${id(column)} is ${comment === null ? 'null' : quoteLiteral(comment)}`
}
