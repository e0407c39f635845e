/**
 * Changes of one table as operations in an order in which they hold, the way a person would write them: an added column
 * brings its unique and its reference along.
 */
import type { ColumnDefault, ColumnType } from '../../schema/column.ts'
import { quoteLiteral } from '../../schema/identifier.ts'
import { type ForeignKeyDefinition, type KeyDefinition, type NamedColumn, type NamingConvention, constraintName, enumCheck } from '../../schema/table.ts'
import type { Dialect } from '../../storage/storage.ts'
import { retypedEnumCheck } from '../op.ts'
import type { ColumnChange, ConstraintKind, Operation, TableOperation } from '../operation.ts'
import { actionsOf, bareColumn, indexColumn, plainDefault } from './declaration.ts'
import { makesKey } from './step-order.ts'
import type { TableChange } from './table-change.ts'
import { conversion, isSameFamily } from './type-conversion.ts'

export interface TableContext {
  readonly naming: NamingConvention
  readonly dialect: Dialect
  /** True for an enum column that is a text at this moment. */
  readonly isRecast: (table: string, column: string) => boolean
  /** True when every column that the table has goes. */
  readonly losesAll: (table: string) => boolean
}

/** One operation where it is one, otherwise a batch. */
export function grouped(table: string, operations: readonly TableOperation[]): readonly Operation[] {
  return operations.length > 1 ? [{ kind: 'batch', table, operations }] : operations
}

export function tableOperations(table: string, changes: readonly TableChange[], context: TableContext): TableOperation[] {
  const ownOf = new Map(changes.flatMap((item) => (item.change === 'addColumn' ? [[item, ownConstraints(item.column.name, changes, context.naming)] as const] : [])))
  const inlined = new Set([...ownOf.values()].flatMap((own): TableChange[] => [own.unique, own.foreignKey].filter((item) => item !== undefined)))
  return changes
    .filter((item) => !inlined.has(item))
    .toSorted((a, b) => rank(a, context) - rank(b, context))
    .flatMap((item) => (item.change === 'addColumn' ? addColumn(table, item.column, ownOf.get(item) ?? {}, context.naming) : operationsOf(item, context)))
}

type Own = { readonly unique?: Extract<TableChange, { unique: KeyDefinition }> | undefined; readonly foreignKey?: Extract<TableChange, { foreignKey: ForeignKeyDefinition }> | undefined }

/** The unique and the foreign key of this column alone, where they are made together with it and have the convention's names. */
function ownConstraints(column: string, changes: readonly TableChange[], naming: NamingConvention): Own {
  const isOwn = (key: KeyDefinition, pattern: string, table: string): boolean => key.columns.length === 1 && key.columns[0] === column && key.name === constraintName(pattern, [table, column])
  const own: { -readonly [K in keyof Own]: Own[K] } = {}
  for (const item of changes) {
    if (item.change === 'addUnique' && isOwn(item.unique, naming.unique, item.table)) own.unique = item
    if (item.change !== 'addForeignKey' || !isOwn(item.foreignKey, naming.foreignKey, item.table)) continue
    // A reference of the table to itself waits for the key that is made beside it.
    if (item.foreignKey.references.table !== item.table || !makesKey(changes, item.foreignKey.references.columns)) own.foreignKey = item
  }
  return own
}

type AddColumn = Extract<TableChange, { change: 'addColumn' }>

function addColumn(table: string, column: NamedColumn, own: Own, naming: NamingConvention): TableOperation {
  const bare = bareColumn(column)
  const unique = own.unique?.unique
  const foreignKey = own.foreignKey?.foreignKey
  const target = foreignKey?.references.columns[0]
  return {
    kind: 'addColumn',
    table,
    column: {
      ...bare,
      unique: unique !== undefined,
      ...(foreignKey === undefined || target === undefined ? {} : { references: { table: foreignKey.references.table, column: target, ...actionsOf(foreignKey) } }),
    },
    unique,
    foreignKey,
    check: enumCheck(table, bare, naming),
  }
}

function operationsOf(item: Exclude<TableChange, AddColumn>, context: TableContext): TableOperation[] {
  const { table } = item
  const drop = (name: string, kind: ConstraintKind, unnamed: boolean | undefined): TableOperation[] => [{ kind: 'dropConstraint', table, name, constraint: unnamed ? kind : undefined }]
  switch (item.change) {
    case 'dropForeignKey':
      return drop(item.foreignKey.name, 'foreignKey', item.unnamed)
    case 'dropCheck':
      return drop(item.check.name, 'check', item.unnamed)
    case 'dropUnique':
      return drop(item.unique.name, 'unique', item.unnamed)
    case 'dropPrimaryKey':
      return drop(item.primaryKey.name, 'primaryKey', item.unnamed)
    case 'dropIndex':
      return [{ kind: 'dropIndex', table, name: item.index.name }]
    case 'dropColumn':
      return [{ kind: 'dropColumn', table, column: item.column.name }]
    case 'alterColumn':
      return alterColumn(item, context)
    case 'addPrimaryKey':
      return [{ kind: 'createPrimaryKey', table, primaryKey: item.primaryKey }]
    case 'addUnique':
      return [{ kind: 'createUnique', table, unique: item.unique }]
    case 'addCheck':
      return [{ kind: 'createCheck', table, check: { name: item.check.name, expression: item.check.expression } }]
    case 'addIndex': {
      const { name, columns, unique, where } = item.index
      return [{ kind: 'createIndex', table, index: { name, columns: columns.map(indexColumn), unique, where } }]
    }
    case 'addForeignKey':
      return [{ kind: 'createForeignKey', table, foreignKey: item.foreignKey, notValid: false }]
    case 'setComment':
      return [{ kind: 'setTableComment', table, comment: item.comment ?? null }]
    default:
      throw new TypeError(`unknown change ${JSON.stringify(item satisfies never)}`)
  }
}

function alterColumn({ table, from, to, aspects }: Extract<TableChange, { change: 'alterColumn' }>, { naming, dialect, isRecast }: TableContext): TableOperation[] {
  const comment = to.comment ?? null
  if (aspects.size === 1 && aspects.has('comment')) return [{ kind: 'setColumnComment', table, column: to.name, comment }]
  const recast = isRecast(table, to.name)
  const retyped = aspects.has('type')
  // A default of the old type may not be one of the new type by itself.
  const redefault = aspects.has('default') || (retyped && (recast || !isSameFamily(from.type, to.type)) && (from.default ?? to.default) !== undefined)
  const value = redefault ? (to.default === undefined ? null : alterDefault(to.default, to.type)) : undefined
  const type = retyped || (value && needsType(value, to.type)) ? bareColumn(to).type : undefined
  const change: ColumnChange = {
    type,
    nullable: aspects.has('nullable') ? to.nullable : undefined,
    default: value,
    using: retyped && !recast ? conversion(from.type, to.type, to.name, dialect) : undefined,
    comment: aspects.has('comment') ? comment : undefined,
  }
  return [{ kind: 'alterColumn', table, column: to.name, change, enumCheck: type && retypedEnumCheck(table, to.name, type, naming) }]
}

/** A default as `alterColumn` takes it: there null means none, and two shapes of objects mean something of their own. */
function alterDefault(value: ColumnDefault, type: ColumnType): ColumnDefault {
  if (value.kind !== 'value' || type.kind !== 'json') return plainDefault(value)
  const means = value.value === null || (typeof value.value === 'object' && ('sql' in value.value || 'now' in value.value))
  return means ? { kind: 'sql', sql: quoteLiteral(JSON.stringify(value.value)) } : value
}

/** How the default is spelt depends on the type, which the database is not asked for. */
function needsType(value: ColumnDefault, type: ColumnType): boolean {
  return (type.kind === 'json' && value.kind === 'value' && typeof value.value !== 'object') || (type.kind === 'date' && value.kind === 'now')
}

/** What has to be away goes first, what rests on something comes after it. */
function rank(item: TableChange, { losesAll }: TableContext): number {
  switch (item.change) {
    case 'dropForeignKey':
      return 0
    case 'dropIndex':
      return 1
    case 'dropCheck':
      return 2
    case 'dropUnique':
      return 3
    case 'dropPrimaryKey':
      return 4
    case 'dropColumn':
      // Computed from others; these cannot go before it.
      return item.column.generated ? 5 : 7
    case 'addColumn':
      // No table is ever without a column.
      return item.column.generated ? 10 : losesAll(item.table) ? 6 : 8
    case 'alterColumn':
      return 9
    case 'addPrimaryKey':
      return 11
    case 'addUnique':
      return 12
    case 'addCheck':
      return 13
    case 'addIndex':
      return 14
    case 'addForeignKey':
      return 15
    case 'setComment':
      return 16
    default:
      throw new TypeError(`unknown change ${JSON.stringify(item satisfies never)}`)
  }
}
