/**
 * A table as a person would declare it: keys, references and uniques of one column stand on the column, and names that
 * follow the naming convention are left out. The opposite of `normalizeTable`, which makes the same definition of it
 * again; so what is planned and what its source code does are equal.
 */
import type { ColumnDefault, ColumnDefinition, ColumnType } from '../../schema/column.ts'
import {
  type CheckDefinition, type ForeignKeyDefinition, type IndexColumn, type IndexDefinition, type KeyDefinition, type NamedColumn,
  type NamingConvention, type TableConstraints, type TableDefinition, constraintName, normalizeTable,
} from '../../schema/table.ts'

export interface TableForm {
  /** In the order of the table. */
  readonly columns: readonly (readonly [name: string, definition: ColumnDefinition])[]
  readonly constraints: TableConstraints
}

/** A primary key whose name is not the convention's. A declaration cannot give it one, so it is made by itself. */
export function ownPrimaryKey({ name, primaryKey }: TableDefinition, naming: NamingConvention): KeyDefinition | undefined {
  return primaryKey?.name === constraintName(naming.primaryKey, [name]) ? undefined : primaryKey
}

/** Less a primary key with a name of its own. */
export function declarationOf(table: TableDefinition, naming: NamingConvention): TableForm {
  const named = (pattern: string, columns: readonly string[]): string => constraintName(pattern, [table.name, ...columns])
  const own = <Item extends { readonly name: string }>(item: Item, convention: string): { readonly name?: string } => (item.name === convention ? {} : { name: item.name })
  const inline = ownPrimaryKey(table, naming) === undefined ? table.primaryKey : undefined
  const columns = table.columns.map((column) => [column.name, columnForm(column, table, inline, naming)] as const)
  const onColumns = new Set(columns.flatMap(([name, { unique, references }]) => [...(unique ? [named(naming.unique, [name])] : []), ...(references ? [named(naming.foreignKey, [name])] : [])]))
  const uniques = table.uniques.filter((unique) => !onColumns.has(unique.name))
  const foreignKeys = table.foreignKeys.filter((foreignKey) => !onColumns.has(foreignKey.name))
  const constraints: TableConstraints = {
    ...(inline !== undefined && inline.columns.length > 1 ? { primaryKey: inline.columns } : {}),
    ...listed('uniques', uniques.map((unique) => ({ ...own(unique, named(naming.unique, unique.columns)), columns: unique.columns }))),
    ...listed('indexes', table.indexes.map((index) => ({
      ...own(index, named(naming.index, index.columns.map((part) => ('column' in part ? part.column : 'expr')))),
      columns: index.columns.map(indexColumn),
      ...(index.unique ? { unique: true } : {}),
      ...(index.where === undefined ? {} : { where: index.where }),
    }))),
    ...listed('checks', plainChecks(table, naming).map((check, position) => ({ ...own(check, named(naming.check, [String(position + 1)])), expression: check.expression }))),
    ...listed('foreignKeys', foreignKeys.map((foreignKey) => ({
      ...own(foreignKey, named(naming.foreignKey, foreignKey.columns)),
      columns: foreignKey.columns,
      references: { table: foreignKey.references.table, columns: foreignKey.references.columns },
      ...actionsOf(foreignKey),
    }))),
    ...(table.comment === undefined ? {} : { comment: table.comment }),
  }
  return { columns, constraints }
}

/** The definition that the declaration of this table has, less a primary key with a name of its own. */
export function declaredForm(table: TableDefinition, naming: NamingConvention): TableDefinition {
  const { columns, constraints } = declarationOf(table, naming)
  return normalizeTable(table.name, Object.fromEntries(columns.map(([name, definition]) => [name, { definition }])), constraints, naming)
}

/** The column by itself: no key, no unique, no reference. */
export function bareColumn(column: NamedColumn): NamedColumn {
  const { name, type, nullable, default: value, generated, comment } = column
  return {
    name,
    type: plainType(type),
    nullable,
    primaryKey: false,
    unique: false,
    ...(value === undefined ? {} : { default: plainDefault(value) }),
    ...(generated === undefined ? {} : { generated: { expression: generated.expression, stored: generated.stored } }),
    ...(comment === undefined ? {} : { comment }),
  }
}

/** An index column as it is written: ascending is not said. */
export function indexColumn(part: IndexDefinition['columns'][number]): Exclude<IndexColumn, string> {
  const order = part.order === 'desc' ? { order: part.order } : {}
  return 'column' in part ? { column: part.column, ...order } : { expression: part.expression, ...order }
}

/** What a foreign key does, as far as it is more than the standard. */
export function actionsOf({ onDelete, onUpdate }: Pick<ForeignKeyDefinition, 'onDelete' | 'onUpdate'>): Partial<Pick<ForeignKeyDefinition, 'onDelete' | 'onUpdate'>> {
  return { ...(onDelete === 'no action' ? {} : { onDelete }), ...(onUpdate === 'no action' ? {} : { onUpdate }) }
}

/** A bigint is a number in code; one that no number can be is left to the words of the database. */
export function plainDefault(value: ColumnDefault): ColumnDefault {
  if (value.kind !== 'value' || typeof value.value !== 'bigint') return value
  const number = Number(value.value)
  return Number.isSafeInteger(number) ? { kind: 'value', value: number } : { kind: 'sql', sql: String(value.value) }
}

/** The checks less those that come with an enum column. */
function plainChecks(table: TableDefinition, naming: NamingConvention): readonly CheckDefinition[] {
  return table.checks.flatMap(({ name, expression, enumOf }) => {
    const column = table.columns.find((candidate) => candidate.name === enumOf)
    return column !== undefined && enumType(column, table, naming) !== undefined ? [] : [{ name, expression }]
  })
}

/** The type of an enum column that the builder `c.enum` makes with all its checks; undefined for any other column. */
function enumType(column: NamedColumn, table: TableDefinition, naming: NamingConvention): ColumnType | undefined {
  const { type } = column
  if (type.kind !== 'enum') return undefined
  const check = table.checks.find((candidate) => candidate.enumOf === column.name)
  return type.name !== undefined || check?.name === constraintName(naming.check, [table.name, column.name, 'enum']) ? type : undefined
}

function columnForm(column: NamedColumn, table: TableDefinition, key: KeyDefinition | undefined, naming: NamingConvention): ColumnDefinition {
  const { name: _, ...bare } = bareColumn(column)
  const type = column.type.kind === 'enum' ? (enumType(column, table, naming) ?? { kind: 'text' as const }) : column.type
  const reference = table.foreignKeys.find((foreignKey) => isOwn(foreignKey, naming.foreignKey, table, column))
  const target = reference?.references.columns[0]
  return {
    ...bare,
    type: plainType(type),
    primaryKey: key?.columns.length === 1 && key.columns[0] === column.name,
    unique: table.uniques.some((unique) => isOwn(unique, naming.unique, table, column)),
    ...(reference === undefined || target === undefined ? {} : { references: { table: reference.references.table, column: target, ...actionsOf(reference) } }),
  }
}

/** True for a constraint of this column alone, under the name that the convention gives it. */
function isOwn(constraint: KeyDefinition, pattern: string, table: TableDefinition, column: NamedColumn): boolean {
  return constraint.columns.length === 1 && constraint.columns[0] === column.name && constraint.name === constraintName(pattern, [table.name, column.name])
}

function plainType(type: ColumnType): ColumnType {
  switch (type.kind) {
    case 'text':
      return { kind: type.kind, ...(type.length === undefined ? {} : { length: type.length }) }
    case 'numeric':
      return { kind: type.kind, ...(type.precision === undefined ? {} : { precision: type.precision }), ...(type.scale === undefined ? {} : { scale: type.scale }) }
    case 'enum':
      return { kind: type.kind, values: type.values, ...(type.name === undefined ? {} : { name: type.name }) }
    default:
      return { kind: type.kind }
  }
}

function listed<Name extends string, Item>(name: Name, items: readonly Item[]): { readonly [K in Name]?: readonly Item[] } {
  // A computed key widens to string; the name is the one that was given.
  return items.length === 0 ? {} : ({ [name]: items } as { readonly [K in Name]: readonly Item[] })
}
