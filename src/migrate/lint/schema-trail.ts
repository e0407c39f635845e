/**
 * What is known of the tables while the operations of several revisions pass by: which were there before, under which
 * name the live database has them, of which type a column is, which rows may have changed. Knows what the operations
 * say and what it was told about the live database; asks nothing.
 */
import type { LiveSchema, LiveTable, LiveType } from '../../schema/introspect.ts'
import { nameKey } from '../../schema/compare-expressions.ts'
import type { TableDefinition } from '../../schema/table.ts'
import type { Dialect } from '../../storage/storage.ts'
import type { Operation, TableOperation } from '../operation.ts'
import { holdsName } from './raw-sql.ts'
import { type TableSizes, largeTable } from './table-sizes.ts'

export interface KnownColumn {
  /** Undefined: nobody said. */
  readonly type: LiveType | undefined
  /** Its name in the live database; undefined for one that is not there. */
  readonly liveName: string | undefined
  /** The run adds it. */
  readonly isNew: boolean
  /** The run adds it without any value for the rows that are there. */
  readonly isBare: boolean
  readonly isGenerated: boolean
}

export interface KnownTable {
  readonly name: string
  /** Its name in the live database; undefined for one that the run makes. */
  readonly liveName: string | undefined
  /** The run makes it: no other program uses it, and nobody waits for it. */
  readonly isNew: boolean
  /** Undefined: nobody said. A table that was there before then counts as filled, and as large. */
  readonly rows: number | undefined
  /** A statement of the run may have changed its rows, so what the live database holds says little. */
  readonly isTouched: boolean
  /** Its columns are named as in the live database, so that an expression over them can be asked there. */
  readonly isAsLive: boolean
  readonly columns: ReadonlyMap<string, KnownColumn>
  /** Expressions of checks that hold for all rows. */
  readonly checks: readonly string[]
}

export interface Trail {
  table(name: string): KnownTable
  column(table: string, name: string): KnownColumn
  /** The run makes the enum, so its values can be used at once. */
  isNewEnum(name: string): boolean
  /** The tables that have a column of the enum. */
  tablesWithEnum(name: string): readonly string[]
}

export function isFilled(table: KnownTable): boolean {
  return table.rows === undefined || table.rows > 0
}

/** Undefined where nobody said how large it is. */
export function isLarge(table: KnownTable): boolean | undefined {
  return table.rows === undefined ? (table.isNew ? false : undefined) : table.rows >= largeTable
}

export interface TrailStart {
  readonly dialect: Dialect
  readonly live?: LiveSchema | undefined
  readonly sizes?: TableSizes | undefined
}

type Draft = { -readonly [K in keyof KnownTable]: KnownTable[K] } & { columns: Map<string, KnownColumn> }

export class SchemaTrail implements Trail {
  readonly #dialect: Dialect
  readonly #sizes: ReadonlyMap<string, number>
  readonly #tables = new Map<string, Draft>()
  readonly #enums = new Set<string>()
  readonly #statements: string[] = []

  constructor({ dialect, live, sizes }: TrailStart) {
    this.#dialect = dialect
    this.#sizes = new Map([...(sizes ?? [])].map(([name, size]) => [nameKey(dialect, name), size.rows]))
    for (const table of live?.tables.values() ?? []) this.#tables.set(this.#key(table.name), this.#fromLive(table))
  }

  /** From here on the operations are those of the run; the ones before told what was there already. */
  beginRun(): void {
    this.#enums.clear()
    this.#statements.length = 0
    for (const [key, table] of this.#tables) {
      Object.assign(table, { isNew: false, isTouched: false, rows: this.#sizes.get(key) } satisfies Partial<Draft>)
      for (const [name, column] of table.columns) table.columns.set(name, { ...column, isNew: false, isBare: false })
    }
  }

  table(name: string): KnownTable {
    return this.#draft(name)
  }

  column(table: string, name: string): KnownColumn {
    const draft = this.#draft(table)
    // A column of a table that nobody described: it was there, that is all.
    return draft.columns.get(this.#key(name)) ?? { type: undefined, liveName: draft.isNew ? undefined : name, isNew: draft.isNew, isBare: false, isGenerated: false }
  }

  isNewEnum(name: string): boolean {
    return this.#enums.has(name)
  }

  tablesWithEnum(name: string): readonly string[] {
    return [...this.#tables.values()].filter((table) => [...table.columns.values()].some(({ type }) => type?.kind === 'enum' && type.name === name)).map((table) => table.name)
  }

  apply(operation: Operation): void {
    switch (operation.kind) {
      case 'createTable':
        this.#tables.set(this.#key(operation.table.name), created(operation.table, (name) => this.#key(name)))
        return
      case 'dropTable':
        this.#tables.delete(this.#key(operation.table))
        return
      case 'renameTable': {
        const draft = this.#draft(operation.from)
        this.#tables.delete(this.#key(operation.from))
        draft.name = operation.to
        this.#tables.set(this.#key(operation.to), draft)
        return
      }
      case 'createEnum':
        this.#enums.add(operation.name)
        return
      case 'alterEnum':
      case 'dropEnum':
        return
      case 'insert': {
        const draft = this.#draft(operation.table)
        if (draft.rows !== undefined) draft.rows += operation.rows.length
        draft.isTouched = true
        return
      }
      case 'updateInBatches':
        this.#draft(operation.table).isTouched = true
        return
      case 'execute':
        this.#statements.push(operation.statement.sql)
        for (const draft of this.#tables.values()) if (holdsName(this.#dialect, operation.statement.sql, draft.name)) touch(draft)
        return
      case 'batch':
        for (const change of operation.operations) this.#change(change)
        return
      default:
        this.#change(operation)
    }
  }

  #change(change: TableOperation): void {
    const draft = this.#draft(change.table)
    switch (change.kind) {
      case 'addColumn': {
        const { name, type, default: value, generated } = change.column
        draft.columns.set(this.#key(name), { type, liveName: undefined, isNew: true, isBare: value === undefined && generated === undefined, isGenerated: generated !== undefined })
        draft.isAsLive = false
        return
      }
      case 'dropColumn':
        draft.columns.delete(this.#key(change.column))
        return
      case 'alterColumn': {
        const column = this.column(change.table, change.column)
        const { name = change.column, type = column.type } = change.change
        draft.columns.delete(this.#key(change.column))
        draft.columns.set(this.#key(name), { ...column, type })
        if (change.change.type !== undefined || change.change.name !== undefined) draft.isAsLive = false
        return
      }
      case 'createCheck':
        draft.checks = [...draft.checks, change.check.expression]
        return
      default:
    }
  }

  #draft(name: string): Draft {
    const key = this.#key(name)
    const known = this.#tables.get(key)
    if (known !== undefined) return known
    // Nothing described it, so it was there: made by an older revision, or by another program.
    const draft: Draft = { name, liveName: name, isNew: false, rows: this.#sizes.get(key), isTouched: this.#isNamed(name), isAsLive: true, columns: new Map(), checks: [] }
    this.#tables.set(key, draft)
    return draft
  }

  #isNamed(table: string): boolean {
    return this.#statements.some((sql) => holdsName(this.#dialect, sql, table))
  }

  #fromLive(table: LiveTable): Draft {
    const columns = table.columns.map((column): [string, KnownColumn] => [
      this.#key(column.name),
      { type: column.type, liveName: column.name, isNew: false, isBare: false, isGenerated: column.generated !== undefined },
    ])
    return {
      name: table.name, liveName: table.name, isNew: false, rows: this.#sizes.get(this.#key(table.name)), isTouched: false, isAsLive: true,
      columns: new Map(columns), checks: table.checks.filter((check) => check.extras?.includes('not valid') !== true).map((check) => check.expression),
    }
  }

  #key(name: string): string {
    return nameKey(this.#dialect, name)
  }
}

function touch(draft: Draft): void {
  draft.isTouched = true
  if (draft.isNew) draft.rows = undefined
}

function created(table: TableDefinition, key: (name: string) => string): Draft {
  const columns = table.columns.map((column): [string, KnownColumn] => [key(column.name), { type: column.type, liveName: undefined, isNew: true, isBare: false, isGenerated: column.generated !== undefined }])
  return { name: table.name, liveName: undefined, isNew: true, rows: 0, isTouched: false, isAsLive: false, columns: new Map(columns), checks: table.checks.map((check) => check.expression) }
}
