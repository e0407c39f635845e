/** Answers as CSV: the fields of the JSON, with those of an inner object behind its name (`environment_title`). */
import { csvLine, type CsvCell } from '../../../src/answers/csv.ts'
import { toSnakeCase } from '../../../src/answers/snake-case.ts'

/**
 * A header and one line for each item.
 *
 * @param fields in snake_case; an item that lacks one has an empty cell
 */
export function renderCsv(fields: readonly string[], items: readonly object[]): string {
  return [fields, ...items.map((item) => {
    const cells = new Map(cellsOf(toSnakeCase(item), ''))
    return fields.map((field) => cells.get(field) ?? null)
  })].map(csvLine).join('')
}

/** Every field of the item that is no object, under its full name; a list of ids in one cell, with blanks. */
function cellsOf(value: unknown, name: string): readonly (readonly [string, CsvCell])[] {
  if (Array.isArray(value)) return [[name, value.join(' ')]]
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => cellsOf(inner, name === '' ? key : `${name}_${key}`))
  return [[name, typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null]]
}
