/**
 * Values as the engine keeps them, where a decoded one would not do: to tell whether two rows are the same to the last
 * digit, and to write a row elsewhere without changing it. The one place for how each dialect is asked for them.
 */
import { quoteIdentifier as id, quoteList, quoteLiteral } from '../schema/identifier.ts'
import type { Dialect, SqlValue, Statement } from './storage.ts'

/** Null is null; anything else is a text that is the same for the same value only. */
export type ValueText = string | null

/**
 * An expression for the value of a column that can be bound again as it comes. On SQLite the plus takes the declared
 * type away, by which the port decodes; PostgreSQL reads the text of any type.
 */
export function exactColumn(dialect: Dialect, column: string): string {
  return dialect === 'sqlite' ? `+${id(column)}` : `${id(column)}::text`
}

/** A SELECT of all rows of a table: `name` of the table, `texts` of its values. Several can be joined by UNION ALL. */
export function valueTextsQuery(dialect: Dialect, table: string, columns: readonly string[]): string {
  return `select ${quoteLiteral(table)} as name, ${dialect === 'sqlite' ? sqliteTexts(columns) : postgresTexts(columns)} as texts from ${id(table)}`
}

/** What stands in `texts`, in the order of the columns. */
export function valueTexts(dialect: Dialect, texts: string): readonly ValueText[] {
  // One of the two queries above wrote it.
  const values = (JSON.parse(texts) as readonly (ValueText | readonly string[])[]).flat()
  return dialect === 'sqlite' ? values.map((text) => (text === 'NULL' ? null : text)) : values
}

// Functions of older SQLite take 127 arguments.
const maxArguments = 100

/** `quote` writes a value as a literal, so that 1, 1.0 and '1' differ; null is NULL without quotes. */
function sqliteTexts(columns: readonly string[]): string {
  const groups: string[] = []
  for (let start = 0; start < columns.length; start += maxArguments) {
    groups.push(`json_array(${columns.slice(start, start + maxArguments).map((column) => `quote(${id(column)})`).join(', ')})`)
  }
  return `json_array(${groups.join(', ')})`
}

function postgresTexts(columns: readonly string[]): string {
  return `array_to_json(array[${columns.map((column) => `${id(column)}::text`).join(', ')}]::text[])::text`
}

/**
 * An INSERT of whole rows, each with its values in the order of the columns. On PostgreSQL it also writes columns whose
 * numbers the database otherwise gives itself.
 */
export function insertExact(dialect: Dialect, table: string, columns: readonly string[], rows: readonly (readonly SqlValue[])[]): Statement {
  const parameters = rows.flat()
  let position = 0
  const place = dialect === 'sqlite' ? () => '?' : () => `$${(position += 1)}`
  const tuples = rows.map(() => `(${columns.map(place).join(', ')})`)
  const overriding = dialect === 'sqlite' ? '' : ' overriding system value'
  return { sql: `insert into ${id(table)} ${quoteList(columns)}${overriding} values ${tuples.join(', ')}`, parameters }
}

/** An UPDATE of the row that has these values. */
export function updateExact(dialect: Dialect, table: string, changes: ReadonlyMap<string, SqlValue>, row: ReadonlyMap<string, SqlValue>): Statement {
  let position = 0
  const equal = (column: string): string => `${id(column)} = ${dialect === 'sqlite' ? '?' : `$${(position += 1)}`}`
  const sql = `update ${id(table)} set ${[...changes.keys()].map(equal).join(', ')} where ${[...row.keys()].map(equal).join(' and ')}`
  return { sql, parameters: [...changes.values(), ...row.values()] }
}
