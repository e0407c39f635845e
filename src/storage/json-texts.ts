/** The texts of a JSON array in a column. */
import { sql, type RawBuilder } from 'kysely'
import type { Dialect } from './storage.ts'

/** A table for a cross join or a left join: `<alias>.value` is one of the texts. */
export function jsonTexts(dialect: Dialect, column: RawBuilder<unknown>, alias: string): RawBuilder<unknown> {
  switch (dialect) {
    case 'sqlite':
      return sql`json_each(${column}) as ${sql.ref(alias)}`
    case 'postgres':
      return sql`lateral jsonb_array_elements_text(${column}) as ${sql.ref(alias)}(value)`
    default:
      throw new TypeError(`unknown dialect ${String(dialect satisfies never)}`)
  }
}

/** Whether any of the texts of the column is among these. */
export function hasAnyText(dialect: Dialect, column: RawBuilder<unknown>, texts: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from ${jsonTexts(dialect, column, 'element')} where element.value in ${texts})`
}

/** Those of a value as it was read: another program may have written something else than a list of texts. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
