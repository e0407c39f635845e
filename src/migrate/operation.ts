/**
 * What a revision does, as data: a closed union. A revision's functions make operations through `op`; the DDL module of
 * a dialect turns them into statements; the runner executes those. Whoever wants to know what a revision does (checksum,
 * lint, offline SQL, comparison) reads operations and never parses SQL. Nothing here knows a dialect.
 */
import type { ColumnDefault, ColumnType } from '../schema/column.ts'
import type { CheckDefinition, ForeignKeyDefinition, IndexDefinition, KeyDefinition, NamedColumn, TableDefinition } from '../schema/table.ts'
import type { SqlValue, Statement } from '../storage/storage.ts'

/** The kinds of constraints that can be dropped by kind. */
export type ConstraintKind = 'primaryKey' | 'unique' | 'foreignKey' | 'check'

/** What of a column changes; what is left out stays. */
export interface ColumnChange {
  readonly name?: string | undefined
  readonly type?: ColumnType | undefined
  readonly nullable?: boolean | undefined
  /** Null drops the default. */
  readonly default?: ColumnDefault | null | undefined
  /** How old values become values of the new type, in the words of the database. */
  readonly using?: string | undefined
  readonly comment?: string | null | undefined
}

/** A value more, last unless a place is given. */
export interface EnumChange {
  readonly add: string
  readonly before?: string | undefined
  readonly after?: string | undefined
}

/** A change to one table; several of them make a batch. */
export type TableOperation =
  | {
      readonly kind: 'addColumn'
      readonly table: string
      readonly column: NamedColumn
      readonly unique?: KeyDefinition | undefined
      readonly foreignKey?: ForeignKeyDefinition | undefined
      readonly check?: CheckDefinition | undefined
    }
  | { readonly kind: 'dropColumn'; readonly table: string; readonly column: string }
  | {
      readonly kind: 'alterColumn'
      readonly table: string
      readonly column: string
      readonly change: ColumnChange
      /**
       * With a new type: the check that an enum without a name left behind, how the names of checks of named ones begin
       * (where the engine has no enum types), and the check that the new type needs.
       */
      readonly enumCheck?: { readonly replaces: string; readonly prefix: string; readonly check?: CheckDefinition | undefined } | undefined
    }
  | { readonly kind: 'createIndex'; readonly table: string; readonly index: IndexDefinition; readonly concurrently?: true | undefined }
  | { readonly kind: 'dropIndex'; readonly table: string; readonly name: string; readonly concurrently?: true | undefined }
  | { readonly kind: 'createPrimaryKey'; readonly table: string; readonly primaryKey: KeyDefinition }
  | { readonly kind: 'createUnique'; readonly table: string; readonly unique: KeyDefinition }
  | { readonly kind: 'createForeignKey'; readonly table: string; readonly foreignKey: ForeignKeyDefinition; readonly notValid: boolean }
  | { readonly kind: 'createCheck'; readonly table: string; readonly check: CheckDefinition }
  | { readonly kind: 'dropConstraint'; readonly table: string; readonly name: string; readonly constraint?: ConstraintKind | undefined }
  | { readonly kind: 'setTableComment'; readonly table: string; readonly comment: string | null }
  | { readonly kind: 'setColumnComment'; readonly table: string; readonly column: string; readonly comment: string | null }

/** One thing that a revision does, as data. */
export type Operation =
  | TableOperation
  | { readonly kind: 'createTable'; readonly table: TableDefinition }
  | { readonly kind: 'dropTable'; readonly table: string }
  | { readonly kind: 'renameTable'; readonly from: string; readonly to: string }
  | { readonly kind: 'createEnum'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'alterEnum'; readonly name: string; readonly change: EnumChange; /** Of checks: where there are no enum types, the values stand in one for each column. */ readonly checkNaming: string }
  | { readonly kind: 'dropEnum'; readonly name: string }
  | { readonly kind: 'batch'; readonly table: string; readonly operations: readonly TableOperation[] }
  | { readonly kind: 'execute'; readonly statement: Statement }
  | { readonly kind: 'insert'; readonly table: string; readonly rows: readonly InsertRow[] }
  | BatchedUpdate

/** An update of a whole table that is done range by range; its words are those of the database. */
export interface BatchedUpdate {
  readonly kind: 'updateInBatches'
  readonly table: string
  /** What stands behind SET. */
  readonly set: string
  /** What stands behind WHERE. */
  readonly where?: string | undefined
  /** The column whose order the ranges follow; the primary key when left out. */
  readonly key?: string | undefined
  /** Rows a range. */
  readonly size: number
}

/** A row by the names of its columns. */
export type InsertRow = Readonly<Record<string, SqlValue>>

/**
 * How an operation was brought about, lightest first: the engine's own DDL, an edit of the stored text of a table
 * (SQLite), a rebuild of the table (SQLite), rows read or written.
 */
export type Grade = 'native' | 'text' | 'rebuild' | 'data'

/** What PostgreSQL refuses inside a transaction; elsewhere such an index is an ordinary one. */
export function isConcurrent(operation: Operation): operation is Extract<Operation, { kind: 'createIndex' | 'dropIndex' }> {
  return (operation.kind === 'createIndex' || operation.kind === 'dropIndex') && operation.concurrently === true
}

/** One line for people: names, never values. */
export function summarizeOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'createTable':
      return `createTable ${operation.table.name}`
    case 'dropTable':
    case 'setTableComment':
    case 'insert':
    case 'updateInBatches':
      return `${operation.kind} ${operation.table}`
    case 'renameTable':
      return `renameTable ${operation.from} to ${operation.to}`
    case 'createEnum':
    case 'alterEnum':
    case 'dropEnum':
      return `${operation.kind} ${operation.name}`
    case 'addColumn':
      return `addColumn ${operation.table}.${operation.column.name}`
    case 'dropColumn':
    case 'alterColumn':
    case 'setColumnComment':
      return `${operation.kind} ${operation.table}.${operation.column}`
    case 'createIndex':
      return `createIndex ${operation.index.name} on ${operation.table}`
    case 'createPrimaryKey':
      return `createPrimaryKey ${operation.primaryKey.name} on ${operation.table}`
    case 'createUnique':
      return `createUnique ${operation.unique.name} on ${operation.table}`
    case 'createForeignKey':
      return `createForeignKey ${operation.foreignKey.name} on ${operation.table}`
    case 'createCheck':
      return `createCheck ${operation.check.name} on ${operation.table}`
    case 'dropIndex':
    case 'dropConstraint':
      return `${operation.kind} ${operation.name} on ${operation.table}`
    case 'batch':
      return `batch ${operation.table}: ${operation.operations.map(summarizeOperation).join(', ')}`
    case 'execute':
      return 'execute'
    default:
      throw new TypeError(`unknown operation ${JSON.stringify(operation satisfies never)}`)
  }
}
