/** One statement on sql.js: binds the values exactly, steps, and decodes the rows. */
import type { SqlValue } from 'sql.js'
import { TidemarkError } from '../../src/errors.ts'
import type { BoundValue } from '../../src/storage/parameter.ts'
import { replacePlaceholders } from '../../src/storage/sqlite/statement-text.ts'
import { integerFromBigInt } from '../../src/storage/sqlite/values.ts'
import type { Row } from '../../src/storage/storage.ts'
import type { Column, Prepared, PreparedStatements } from './prepared.ts'

/** The rows of the statement. Its cursor is reset in any case. */
export function execute(statements: PreparedStatements, sql: string, values: readonly BoundValue[]): { readonly prepared: Prepared; readonly rows: readonly Row[] } {
  const prepared = preparedFor(statements, sql, values)
  const { statement, columns } = prepared
  const rows: Row[] = []
  try {
    statement.bind(values.map(sqliteValue))
    while (statement.step()) if (columns.length > 0) rows.push(rowOf(statement, columns))
    return { prepared, rows }
  } finally {
    statement.reset()
  }
}

/** sql.js binds an integer of more than 32 bits as a double and a bigint as text; a cast makes both integers. */
function preparedFor(statements: PreparedStatements, sql: string, values: readonly BoundValue[]): Prepared {
  const plain = statements.get(sql)
  const { placeholders, foreignPlaceholder } = plain.text
  if (foreignPlaceholder || placeholders.length !== values.length) throw placeholderError(placeholders.length, values.length, foreignPlaceholder)
  if (!values.some(isWideInteger)) return plain
  const wide = placeholders.filter((_, index) => isWideInteger(values[index]))
  return statements.get(replacePlaceholders(sql, wide, 'cast(? as integer)'))
}

function isWideInteger(value: BoundValue | undefined): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && (value | 0) !== value && Number.isSafeInteger(value))
}

function sqliteValue(value: BoundValue): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'bigint' || isWideInteger(value) ? String(value) : value
}

/** The part of a statement that is used here; the published types of sql.js leave out `useBigInt`. */
interface Cursor {
  get(parameters?: null, config?: { readonly useBigInt: boolean }): readonly unknown[]
}

function rowOf(cursor: Cursor, columns: readonly Column[]): Row {
  const values = cursor.get()
  const row: Row = {}
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index]
    let value = values[index]
    if (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) value = exact(cursor, index, value)
    if (column !== undefined) row[column.name] = column.decode === undefined || value === null ? value : column.decode(value)
  }
  return row
}

/** The integer in full where a double cannot hold it. */
function exact(cursor: Cursor, index: number, value: number): unknown {
  const full = cursor.get(null, { useBigInt: true })[index]
  return typeof full === 'bigint' ? integerFromBigInt(full) : value
}

function placeholderError(expected: number, given: number, foreign: boolean): TidemarkError {
  return new TidemarkError('statement_failed', 'Cannot run the statement on SQLite', {
    why: foreign ? 'It has placeholders other than `?`.' : `It has ${expected} placeholders, and ${given} parameters were given.`,
    next: 'Write each parameter as `?` and give one value for each.',
  })
}
