/**
 * Inserts and upserts of many rows. Rows go in blocks of a few fixed sizes, so that an engine sees few distinct statement
 * texts and can keep them prepared; no statement comes near the engines' limits on bound values.
 */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { InsertOf, TableName, TidemarkDatabase } from '../model/schema.ts'
import { longText, longTextPlace } from '../storage/long-text.ts'
import type { Dialect, JsonValue, Queryable, SqlValue } from '../storage/storage.ts'

type Cells = Readonly<Record<string, SqlValue | undefined>>

/** What happens to a row whose key exists. */
export type OnConflict =
  /** Every given column is updated. `keys`: the columns of the primary key or of a unique constraint. */
  | { readonly onConflict: 'update'; readonly keys: readonly string[] }
  /**
   * It is left as it is, whichever of its keys exists: named by one of them, PostgreSQL would still fail on the other
   * when two writers bring the same new row at once.
   */
  | { readonly onConflict: 'ignore' }

export type BulkOptions = OnConflict & {
  /** Columns whose texts, or JSON, are long; see the module of that name. */
  readonly longTexts?: readonly string[] | undefined
}

export interface BulkWriter {
  /** All rows must have the same columns; undefined is null. */
  write<Name extends TableName>(target: Queryable, table: Name, rows: readonly (InsertOf<Name> & Cells)[], options: BulkOptions): Promise<void>
}

const blockSizes = [64, 16, 4, 1] as const

/** @param db compiles the statements; it does not run them */
export function createBulkWriter(db: Kysely<TidemarkDatabase>, dialect: Dialect): BulkWriter {
  const texts = new Map<string, string>()

  function textFor(table: string, columns: readonly string[], count: number, options: BulkOptions): string {
    const key = JSON.stringify([table, columns, count, options])
    let text = texts.get(key)
    if (text === undefined) {
      text = compileInsert(db, dialect, { table, columns, count, options })
      texts.set(key, text)
    }
    return text
  }

  return {
    async write(target, table, rows, options) {
      const first = rows[0]
      if (first === undefined) return
      const columns = Object.keys(first)
      const cell = (row: Cells, column: string): SqlValue => {
        const value = row[column] ?? null
        return options.longTexts?.includes(column) === true && isText(value) ? longText(dialect, value) : value
      }
      let start = 0
      for (const size of blockSizes) {
        for (; rows.length - start >= size; start += size) {
          const parameters = rows.slice(start, start + size).flatMap((row) => columns.map((column) => cell(row, column)))
          await target.query({ sql: textFor(table, columns, size, options), parameters })
        }
      }
    },
  }
}

function isText(value: SqlValue): value is string | readonly JsonValue[] {
  return typeof value === 'string' || Array.isArray(value)
}

function compileInsert(
  db: Kysely<TidemarkDatabase>, dialect: Dialect,
  { table, columns, count, options }: { readonly table: string; readonly columns: readonly string[]; readonly count: number; readonly options: BulkOptions },
): string {
  const names = columns.map((column) => sql.ref(column))
  const tuple = sql`(${sql.join(columns.map((column) => (options.longTexts?.includes(column) === true ? longTextPlace(dialect) : sql.val(null))))})`
  return sql`
    insert into ${sql.table(table)} (${sql.join(names)})
    values ${sql.join(Array.from({ length: count }, () => tuple))}
    on conflict ${options.onConflict === 'ignore' ? sql`do nothing` : updateOf(columns, options.keys)}`.compile(db).sql
}

function updateOf(columns: readonly string[], keys: readonly string[]): RawBuilder<unknown> {
  const updated = columns.filter((column) => !keys.includes(column)).map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`)
  return sql`(${sql.join(keys.map((key) => sql.ref(key)))}) ${updated.length === 0 ? sql`do nothing` : sql`do update set ${sql.join(updated)}`}`
}
