/**
 * Inserts and upserts of many rows. Rows go in blocks of a few fixed sizes, so that an engine sees few distinct statement
 * texts and can keep them prepared; no statement comes near the engines' limits on bound values.
 */
import { sql, type Kysely } from 'kysely'
import type { InsertOf, TableName, TidemarkDatabase } from '../model/schema.ts'
import type { Queryable, SqlValue } from '../storage/storage.ts'

type Cells = Readonly<Record<string, SqlValue | undefined>>

export interface BulkOptions {
  /** The columns that tell two rows apart: the primary key or a unique constraint. */
  readonly keys: readonly string[]
  /** What happens to a row whose key exists: every given column is updated, or it is left as it is. */
  readonly onConflict: 'update' | 'ignore'
}

export interface BulkWriter {
  /** All rows must have the same columns; undefined is null. */
  write<Name extends TableName>(target: Queryable, table: Name, rows: readonly (InsertOf<Name> & Cells)[], options: BulkOptions): Promise<void>
}

const blockSizes = [64, 16, 4, 1] as const

/** @param db compiles the statements; it does not run them */
export function createBulkWriter(db: Kysely<TidemarkDatabase>): BulkWriter {
  const texts = new Map<string, string>()

  function textFor(table: string, columns: readonly string[], count: number, options: BulkOptions): string {
    const key = JSON.stringify([table, columns, count, options])
    let text = texts.get(key)
    if (text === undefined) {
      text = compileInsert(db, table, columns, count, options)
      texts.set(key, text)
    }
    return text
  }

  return {
    async write(target, table, rows, options) {
      const first = rows[0]
      if (first === undefined) return
      const columns = Object.keys(first)
      let start = 0
      for (const size of blockSizes) {
        for (; rows.length - start >= size; start += size) {
          const parameters = rows.slice(start, start + size).flatMap((row: Cells) => columns.map((column) => row[column] ?? null))
          await target.query({ sql: textFor(table, columns, size, options), parameters })
        }
      }
    },
  }
}

function compileInsert(db: Kysely<TidemarkDatabase>, table: string, columns: readonly string[], count: number, options: BulkOptions): string {
  const names = columns.map((column) => sql.ref(column))
  const tuple = sql`(${sql.join(columns.map(() => sql.val(null)))})`
  const updated = columns.filter((column) => !options.keys.includes(column))
  const resolution =
    options.onConflict === 'ignore' || updated.length === 0
      ? sql`do nothing`
      : sql`do update set ${sql.join(updated.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`))}`
  return sql`
    insert into ${sql.table(table)} (${sql.join(names)})
    values ${sql.join(Array.from({ length: count }, () => tuple))}
    on conflict (${sql.join(options.keys.map((key) => sql.ref(key)))}) ${resolution}`.compile(db).sql
}
