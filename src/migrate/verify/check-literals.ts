/**
 * What the text of a check says about the values it wants. A hint only: whether a value fits, the database decides. So
 * it looks at names, numbers and texts, which both dialects write alike, and at nothing else.
 */
import type { LiveCheck, LiveColumn, LiveTable } from '../../schema/introspect.ts'
import { sameName } from '../../storage/sqlite/ddl-tokens.ts'
import type { SqlValue } from '../../storage/storage.ts'
import { type Draw, textOfLength } from './column-values.ts'

const pattern = /'(?<text>(?:[^']|'')*)'|"(?<quoted>(?:[^"]|"")*)"|(?<number>-?\s*\d+(?:\.\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)/gu

/** The columns of the table that the expression names. */
export function columnsOf(expression: string, table: LiveTable): readonly string[] {
  const names = [...expression.matchAll(pattern)].flatMap(({ groups }) => groups?.['word'] ?? groups?.['quoted']?.replaceAll('""', '"') ?? [])
  return table.columns.map((column) => column.name).filter((column) => names.some((name) => sameName(name, column)))
}

/** Values for the column at or beside the literals of the checks, such as could make them true. */
export function valuesNear(checks: readonly LiveCheck[], column: LiveColumn, draw: Draw): readonly SqlValue[] {
  const literals = checks.flatMap((check) => [...check.expression.matchAll(pattern)])
  const texts = literals.flatMap(({ groups }) => groups?.['text']?.replaceAll("''", "'") ?? [])
  // PostgreSQL writes a negative number as a text.
  const numbers = [...literals.flatMap(({ groups }) => groups?.['number'] ?? []), ...texts].map((text) => Number(text.replaceAll(/\s/g, '') || Number.NaN)).filter(Number.isFinite)
  const around = [...new Set(numbers.flatMap((number) => [number, number + 1, number - 1]))]
  switch (column.type.kind) {
    case 'integer':
    case 'bigint':
      return around.map(Math.trunc)
    case 'real':
    case 'numeric':
      return around
    case 'text': {
      const lengths = around.filter((length) => Number.isInteger(length) && length >= 0 && length <= 10_000)
      // A pattern fits itself, and so does what it looks like with its wildcards filled.
      const filled = texts.flatMap((text) => [text, text.replaceAll('%', 'abc').replaceAll('_', 'd')])
      return [...new Set([...filled, ...lengths.map((length) => textOfLength(length, draw))])]
    }
    case 'boolean':
    case 'bytes':
      return []
    default:
      return texts
  }
}
