/** Where the tools' databases come from, and what is read from them afterwards: by the same reader, whoever filled them. */
import type { BenchDialect } from '../tool.ts'

export interface Databases {
  readonly dialect: BenchDialect
  /** A new, empty database: the path of a file that does not exist, or a URL. */
  fresh(): Promise<string>
  /** A database that these statements made, without any of the tools. */
  made(statements: readonly string[]): Promise<string>
  /** What these tables are and hold; a table that is not there is left out. */
  read(database: string, tables: readonly string[]): Promise<Reading>
  /** The one value that each of these statements gives; null for one that fails. */
  values(database: string, statements: readonly string[]): Promise<readonly unknown[]>
  remove(database: string): Promise<void>
  /** Removes all of them. */
  close(): Promise<void>
}

/** By table. Spellings that mean the same on the engine are one spelling here. */
export type Reading = Readonly<Record<string, TableReading>>

export interface TableReading {
  /** Name, type, `not null` and default of each, in the order of the table. */
  readonly columns: readonly string[]
  readonly primaryKey: readonly string[]
  /** Name and columns of each, by name; those of keys are left out. */
  readonly indexes: readonly string[]
  /** `column -> table.column`, in order. */
  readonly foreignKeys: readonly string[]
  /** Each as JSON, by id. */
  readonly rows: readonly string[]
}

export function columnText(column: { readonly name: string; readonly type: string; readonly nullable: boolean; readonly default: string | null }): string {
  // One tool writes the default of an integer as 0, another as '0'; the column makes the same of both.
  const value = column.default?.replace(/^'(.*)'(::\w+)?$/, '$1')
  return `${column.name} ${column.type.toLowerCase()}${column.nullable ? '' : ' not null'}${value === undefined ? '' : ` default ${value}`}`
}
