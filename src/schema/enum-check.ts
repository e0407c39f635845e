/** Reads the check that holds an enum column to its values, as either engine gives it back. */
import { enumValues } from '../storage/sqlite/ddl-edit.ts'
import { quoteIdentifier } from './identifier.ts'

export interface EnumCheck {
  readonly values: readonly string[]
  /** As it was typed, which is how SQLite keeps it; false for what PostgreSQL has printed. */
  readonly typed: boolean
}

/** Undefined when the check is of another shape, or of another column. */
export function readEnumCheck(expression: string, column: string): EnumCheck | undefined {
  const typed = enumValues(expression, column)
  if (typed !== undefined) return { values: typed, typed: true }
  for (const name of [column, quoteIdentifier(column)]) {
    if (!expression.startsWith(`(${name} = `)) continue
    const rest = expression.slice(name.length + 4)
    const list = /^ANY \(ARRAY\[(?<items>'(?:[^']|'')*'::text(?:, '(?:[^']|'')*'::text)*)\]\)\)$/.exec(rest)?.groups?.['items'] ?? /^(?<items>'(?:[^']|'')*'::text)\)$/.exec(rest)?.groups?.['items']
    if (list !== undefined) return { values: [...list.matchAll(/'((?:[^']|'')*)'::text/g)].map((match) => (match[1] ?? '').replaceAll("''", "'")), typed: false }
  }
  return undefined
}
