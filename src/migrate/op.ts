/**
 * `op`: what a revision's functions are given. It turns calls into operations (data) and hands them to a sink, which
 * executes, prints or merely collects them. It decides nothing about dialects. Calls take effect one after the other in
 * the order in which they were made, also where one was not awaited.
 */
import { TidemarkError } from '../errors.ts'
import type { ColumnDefault, ColumnDefinition, ColumnType, DefaultValue, ReferenceOptions } from '../schema/column.ts'
import { constraintName, enumCheck, foreignKey, normalizeTable } from '../schema/table.ts'
import type { Columns, ForeignKeyTarget, IndexColumn, NamedColumn, NamingConvention, TableConstraints } from '../schema/table.ts'
import type { Dialect, QueryResult, Row, SqlValue, Statement } from '../storage/storage.ts'
import { type ConstraintKind, type EnumChange, type InsertRow, type Operation, type TableOperation, isConcurrent } from './operation.ts'

/** A column builder, as `c.text().notNull()` makes it. */
export type ColumnSource = { readonly definition: ColumnDefinition }

/** What of a column changes; what is left out stays. */
export interface AlterColumnOptions {
  readonly name?: string | undefined
  /** A builder; only its type counts. */
  readonly type?: ColumnSource | undefined
  readonly nullable?: boolean | undefined
  /** A value, `{ sql: '…' }` for words of the database, `{ now: true }` for the moment of the insert, or null to drop the default. */
  readonly default?: DefaultValue | { readonly sql: string } | { readonly now: true } | null | undefined
  /** How old values become values of the new type, in the words of the database. */
  readonly using?: string | undefined
  readonly comment?: string | null | undefined
}

/** How an index is made. */
export interface CreateIndexOptions {
  readonly unique?: boolean | undefined
  /** Makes a partial index: the rows that are in it, in the words of the database. */
  readonly where?: string | undefined
  /** PostgreSQL: writers go on meanwhile; only in a revision with `transaction: false`. Elsewhere an ordinary index. */
  readonly concurrently?: boolean | undefined
}

/** How an index is dropped. */
export interface DropIndexOptions {
  /** As for `createIndex`. */
  readonly concurrently?: boolean | undefined
}

/** What is updated, and in which pieces. */
export interface UpdateInBatchesOptions {
  /** What stands behind SET, in the words of the database, for example `views = views + 1`. It must not change the key. */
  readonly set: string
  /** What stands behind WHERE, in the words of the database. */
  readonly where?: string | undefined
  /** A column without nulls whose order the ranges follow. Default the primary key, which has to be of one column. */
  readonly key?: string | undefined
  /** Rows a range. Default 10 000. */
  readonly size?: number | undefined
}

/** How a foreign key is made. */
export interface CreateForeignKeyOptions extends ReferenceOptions {
  /** PostgreSQL: do not check the rows that are there already. Elsewhere they are checked all the same. */
  readonly notValid?: boolean | undefined
}

/** The changes that can be made to one table, as `op.batch` gives them. */
export interface TableChanges {
  addColumn(column: string, builder: ColumnSource): Promise<void>
  /** Indexes and constraints of the table that name the column go with it. */
  dropColumn(column: string): Promise<void>
  alterColumn(column: string, change: AlterColumnOptions): Promise<void>
  createIndex(name: string, columns: readonly IndexColumn[], options?: CreateIndexOptions): Promise<void>
  dropIndex(name: string, options?: DropIndexOptions): Promise<void>
  createPrimaryKey(name: string, columns: readonly string[]): Promise<void>
  createUnique(name: string, columns: readonly string[]): Promise<void>
  createForeignKey(name: string, columns: readonly string[], references: ForeignKeyTarget, options?: CreateForeignKeyOptions): Promise<void>
  createCheck(name: string, expression: string): Promise<void>
  /** `kind` finds a constraint that has no name of its own, for example a primary key that another program made. */
  dropConstraint(name: string, kind?: ConstraintKind): Promise<void>
  /** SQLite keeps no comments: nothing happens there. */
  setTableComment(text: string | null): Promise<void>
  setColumnComment(column: string, text: string | null): Promise<void>
}

type WithTable<Method> = Method extends (...rest: infer Rest) => infer Result ? (table: string, ...rest: Rest) => Result : never
type NameFirst = 'createIndex' | 'dropIndex' | 'createPrimaryKey' | 'createUnique' | 'createForeignKey' | 'createCheck' | 'dropConstraint'

/** What a revision works with. Every method is awaited. Names are given bare and quoted here. */
export interface Op extends Readonly<{ [Name in Exclude<keyof TableChanges, NameFirst>]: WithTable<TableChanges[Name]> }> {
  readonly dialect: Dialect
  /** True while a script is written and no database is there. */
  readonly offline: boolean
  createTable(name: string, columns: Columns, constraints?: TableConstraints): Promise<void>
  dropTable(name: string): Promise<void>
  renameTable(from: string, to: string): Promise<void>
  createIndex(name: string, table: string, columns: readonly IndexColumn[], options?: CreateIndexOptions): Promise<void>
  dropIndex(name: string, table: string, options?: DropIndexOptions): Promise<void>
  createPrimaryKey(name: string, table: string, columns: readonly string[]): Promise<void>
  createUnique(name: string, table: string, columns: readonly string[]): Promise<void>
  createForeignKey(name: string, table: string, columns: readonly string[], references: ForeignKeyTarget, options?: CreateForeignKeyOptions): Promise<void>
  createCheck(name: string, table: string, expression: string): Promise<void>
  dropConstraint(name: string, table: string, kind?: ConstraintKind): Promise<void>
  /**
   * An enum type, for columns `c.enum(values, { name })`. Where the engine has no enum types nothing happens: there each
   * column has a check of its own, as enums without a name have everywhere.
   */
  createEnum(name: string, values: readonly string[]): Promise<void>
  /** Adds a value. PostgreSQL lets a later revision use it, not this one. */
  alterEnum(name: string, change: EnumChange): Promise<void>
  dropEnum(name: string): Promise<void>
  /** Groups changes to one table; on SQLite they cost one rebuild together. They take effect when `changes` is done. */
  batch(table: string, changes: (t: TableChanges) => Promise<void>): Promise<void>
  /** Runs a statement in the dialect's own words; values belong into `parameters`. */
  execute(sql: string, parameters?: readonly SqlValue[]): Promise<void>
  insert(table: string, rows: readonly InsertRow[]): Promise<void>
  /**
   * Updates a big table range by range, one UPDATE each, and reports how far it has come. Where the run has no transaction
   * each range commits on its own, so nobody waits long for its rows, and a continued run goes on after the last one.
   * Neither text may hold what a user wrote.
   */
  updateInBatches(table: string, update: UpdateInBatchesOptions): Promise<void>
  /**
   * Reads from the database as the operations so far have left it.
   *
   * @throws TidemarkError `operation_not_supported` while a script is written
   */
  query<R = Row>(sql: string, parameters?: readonly SqlValue[]): Promise<QueryResult<R>>
}

/** Where operations go. */
export interface OperationSink {
  readonly dialect: Dialect
  readonly offline: boolean
  readonly naming: NamingConvention
  apply(operation: Operation): Promise<void>
  query<R>(statement: Statement): Promise<QueryResult<R>>
}

export interface OpSession {
  readonly op: Op
  /** Waits for calls that were not awaited, then refuses further ones. Rejects with the first failure. */
  finish(): Promise<void>
  /** Refuses further calls, and those that have not begun; resolves when the one that has is over. */
  stop(): Promise<void>
}

export function createOp(sink: OperationSink): OpSession {
  let tail: Promise<unknown> = Promise.resolve()
  let finished = false
  let stopped = false
  const calls: Promise<unknown>[] = []
  // A failure stays in `tail`: what was called after it is not run.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(() => (stopped ? Promise.reject(isOver()) : work()))
    tail = result
    return result
  }
  const emit = async (operation: Operation): Promise<void> => inTurn(() => sink.apply(operation))
  const on = (table: string): TableChanges => tableChanges(table, sink.naming, emit)

  const op: Op = {
    dialect: sink.dialect,
    offline: sink.offline,
    createTable: async (name, columns, constraints = {}) => emit({ kind: 'createTable', table: normalizeTable(name, columns, constraints, sink.naming) }),
    dropTable: (table) => emit({ kind: 'dropTable', table }),
    renameTable: (from, to) => emit({ kind: 'renameTable', from, to }),
    createEnum: (name, values) => emit({ kind: 'createEnum', name, values }),
    alterEnum: async (name, change) => {
      if (change.before !== undefined && change.after !== undefined) throw new TypeError(`Cannot add a value to enum "${name}" both before one and after one`)
      await emit({ kind: 'alterEnum', name, change, checkNaming: sink.naming.check })
    },
    dropEnum: (name) => emit({ kind: 'dropEnum', name }),
    addColumn: (table, ...rest) => on(table).addColumn(...rest),
    dropColumn: (table, ...rest) => on(table).dropColumn(...rest),
    alterColumn: (table, ...rest) => on(table).alterColumn(...rest),
    setTableComment: (table, ...rest) => on(table).setTableComment(...rest),
    setColumnComment: (table, ...rest) => on(table).setColumnComment(...rest),
    createIndex: (name, table, ...rest) => on(table).createIndex(name, ...rest),
    dropIndex: (name, table, ...rest) => on(table).dropIndex(name, ...rest),
    createPrimaryKey: (name, table, ...rest) => on(table).createPrimaryKey(name, ...rest),
    createUnique: (name, table, ...rest) => on(table).createUnique(name, ...rest),
    createForeignKey: (name, table, ...rest) => on(table).createForeignKey(name, ...rest),
    createCheck: (name, table, ...rest) => on(table).createCheck(name, ...rest),
    dropConstraint: (name, table, ...rest) => on(table).dropConstraint(name, ...rest),
    batch: async (table, changes) => {
      const operations: TableOperation[] = []
      await changes(tableChanges(table, sink.naming, async (operation) => {
        if (isConcurrent(operation)) throw new TypeError(`Cannot change an index of "${table}" concurrently in a batch: do it on its own`)
        operations.push(operation)
      }))
      if (operations.length > 0) await emit({ kind: 'batch', table, operations })
    },
    execute: (sql, parameters) => emit({ kind: 'execute', statement: { sql, parameters } }),
    insert: async (table, rows) => {
      if (rows.length > 0) await emit({ kind: 'insert', table, rows })
    },
    updateInBatches: async (table, { set, where, key, size = 10_000 }) => {
      if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`Cannot update "${table}" in batches of ${size} rows: it has to be a whole number from 1`)
      await emit({ kind: 'updateInBatches', table, set, where, key, size })
    },
    query: <R>(sql: string, parameters?: readonly SqlValue[]) => (sink.offline ? Promise.reject(noDatabase()) : inTurn(() => sink.query<R>({ sql, parameters }))),
  }
  return {
    op: everyCall(op, (call) => {
      if (finished) return Promise.reject(isOver())
      const result = call()
      calls.push(result)
      // `finish` reports it, so a call that nobody awaits fails the revision and not the process.
      result.catch(() => undefined)
      return result
    }),
    async finish() {
      // The list can grow meanwhile.
      for (const call of calls) await call
      finished = true
    },
    async stop() {
      finished = true
      stopped = true
      await Promise.allSettled(calls)
    },
  }
}

function isOver(): TypeError {
  return new TypeError('Cannot use op after its revision is finished: await every call')
}

/** The same methods, each call of which goes through `wrap`. */
function everyCall(op: Op, wrap: (call: () => Promise<unknown>) => Promise<unknown>): Op {
  const wrapped = Object.entries(op).map(([name, member]: [string, unknown]) => [name, typeof member === 'function' ? (...rest: unknown[]) => wrap(() => member(...rest)) : member])
  // Same names, same parameters, same results: only typing that through `entries` is beyond the compiler.
  return Object.fromEntries(wrapped) as Op
}

function tableChanges(table: string, naming: NamingConvention, emit: (operation: TableOperation) => Promise<void>): TableChanges {
  return {
    async addColumn(name, builder) {
      const column: NamedColumn = { name, ...builder.definition }
      if (column.primaryKey) throw new TypeError(`Cannot add "${table}"."${name}" as primary key: add the column, then use createPrimaryKey`)
      const { references } = column
      await emit({
        kind: 'addColumn',
        table,
        column,
        unique: column.unique ? { name: constraintName(naming.unique, [table, name]), columns: [name] } : undefined,
        foreignKey: references && foreignKey(constraintName(naming.foreignKey, [table, name]), [name], { table: references.table, columns: [references.column] }, references),
        check: enumCheck(table, column, naming),
      })
    },
    dropColumn: (column) => emit({ kind: 'dropColumn', table, column }),
    async alterColumn(column, { default: value, type: source, ...rest }) {
      const type = source?.definition.type
      const change = { ...rest, type, default: value === undefined ? undefined : defaultOf(value) }
      await emit({ kind: 'alterColumn', table, column, change, enumCheck: type && retypedEnumCheck(table, column, type, naming) })
    },
    createIndex: (name, columns, options = {}) =>
      emit({
        kind: 'createIndex',
        table,
        index: { name, columns: columns.map((column) => (typeof column === 'string' ? { column } : column)), unique: options.unique ?? false, where: options.where },
        concurrently: options.concurrently === true ? true : undefined,
      }),
    dropIndex: (name, options = {}) => emit({ kind: 'dropIndex', table, name, concurrently: options.concurrently === true ? true : undefined }),
    createPrimaryKey: (name, columns) => emit({ kind: 'createPrimaryKey', table, primaryKey: { name, columns } }),
    createUnique: (name, columns) => emit({ kind: 'createUnique', table, unique: { name, columns } }),
    createForeignKey: (name, columns, references, options = {}) =>
      emit({ kind: 'createForeignKey', table, foreignKey: foreignKey(name, columns, references, options), notValid: options.notValid ?? false }),
    createCheck: (name, expression) => emit({ kind: 'createCheck', table, check: { name, expression } }),
    dropConstraint: (name, constraint) => emit({ kind: 'dropConstraint', table, name, constraint }),
    setTableComment: (comment) => emit({ kind: 'setTableComment', table, comment }),
    setColumnComment: (column, comment) => emit({ kind: 'setColumnComment', table, column, comment }),
  }
}

/** What a new type of a column means for the check that holds an enum to its values. */
export function retypedEnumCheck(table: string, column: string, type: ColumnType, naming: NamingConvention): NonNullable<Extract<TableOperation, { kind: 'alterColumn' }>['enumCheck']> {
  return {
    replaces: constraintName(naming.check, [table, column, 'enum']),
    prefix: constraintName(naming.check.replace(/%.*$/, '%'), [table, column, '']),
    check: enumCheck(table, { name: column, type }, naming),
  }
}

function defaultOf(value: DefaultValue | { readonly sql: string } | { readonly now: true } | null): ColumnDefault | null {
  if (value === null) return null
  if (typeof value === 'object' && 'now' in value && value.now === true && Object.keys(value).length === 1) return { kind: 'now' }
  if (typeof value === 'object' && 'sql' in value && typeof value.sql === 'string' && Object.keys(value).length === 1) return { kind: 'sql', sql: value.sql }
  return { kind: 'value', value: value as DefaultValue }
}

function noDatabase(): TidemarkError {
  return new TidemarkError('operation_not_supported', 'Cannot run op.query while a script is written', {
    why: 'There is no database to ask; the script has to hold for any database at this revision.',
    next: 'Say the same in SQL with op.execute, or leave the step out when op.offline is true.',
  })
}
