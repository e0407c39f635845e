/**
 * Reads the schema of a live database into one form for all engines. It says what the engine says: expressions and
 * defaults stand in the engine's own spelling, so two databases are compared after the same engine has stored both.
 */
import type { Dialect, Queryable } from '../storage/storage.ts'
import type { ColumnType, ReferentialAction } from './column.ts'
import { introspectPostgres } from './introspect-postgres.ts'
import { introspectSqlite } from './introspect-sqlite.ts'
import type { ForeignKeyTarget } from './table.ts'

/** `other`: a type that no column builder makes. */
export type LiveType = ColumnType | { readonly kind: 'other' }

/** A column as it stands in a database. */
export interface LiveColumn {
  readonly name: string
  readonly type: LiveType
  /** The type in the engine's spelling. */
  readonly declaredType: string
  readonly nullable: boolean
  /** The default in the engine's spelling. */
  readonly default?: string | undefined
  readonly generated?: { readonly expression: string; readonly stored: boolean } | undefined
  readonly comment?: string | undefined
  readonly extras?: Extras
}

/**
 * What the object has that no declaration says, each in the words of the engine: `collate nocase`, `serial`,
 * `deferrable`, `using gin`, `strict`. Sorted; left out where there is nothing.
 */
export type Extras = readonly string[] | undefined

/** SQLite lets constraints have no name; PostgreSQL names them all. */
export interface LiveKey {
  readonly name?: string | undefined
  readonly columns: readonly string[]
  readonly extras?: Extras
}

/** A check as it stands in a database. */
export interface LiveCheck {
  readonly name?: string | undefined
  readonly expression: string
  readonly extras?: Extras
}

/** A foreign key as it stands in a database. */
export interface LiveForeignKey extends LiveKey {
  readonly references: ForeignKeyTarget
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
}

/** An index as it stands in a database. */
export interface LiveIndex {
  readonly name: string
  readonly columns: readonly ({ readonly column: string; readonly order: 'asc' | 'desc' } | { readonly expression: string; readonly order: 'asc' | 'desc' })[]
  readonly unique: boolean
  readonly where?: string | undefined
  readonly extras?: Extras
}

/** A table as it stands in a database. */
export interface LiveTable {
  readonly name: string
  /** In the order of the table. */
  readonly columns: readonly LiveColumn[]
  readonly primaryKey?: LiveKey | undefined
  readonly uniques: readonly LiveKey[]
  /** Those that were created as indexes; the ones behind keys are not among them. */
  readonly indexes: readonly LiveIndex[]
  readonly checks: readonly LiveCheck[]
  readonly foreignKeys: readonly LiveForeignKey[]
  readonly comment?: string | undefined
  readonly extras?: Extras
}

/** All tables as they stand in a database. */
export interface LiveSchema {
  readonly dialect: Dialect
  /** By name, sorted. Ordinary tables only: no views, no virtual tables, nothing that an extension owns. */
  readonly tables: ReadonlyMap<string, LiveTable>
  /** Enum types and their values in order; none on SQLite, where an enum is a check. */
  readonly enums: ReadonlyMap<string, readonly string[]>
}

/** Reads what stands in the database: on SQLite the main schema, on PostgreSQL the first schema of the search path. */
export async function introspect(storage: Queryable & { readonly dialect: Dialect }): Promise<LiveSchema> {
  switch (storage.dialect) {
    case 'sqlite':
      return introspectSqlite(storage)
    case 'postgres':
      return introspectPostgres(storage)
    default:
      throw new TypeError(`unknown dialect ${String(storage.dialect satisfies never)}`)
  }
}
