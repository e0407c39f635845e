/** A live database copied into a shadow: schema, then rows. From the live one it only reads. */
import { abortedError } from '../../errors.ts'
import type { SchemaScope } from '../../schema/difference.ts'
import { introspect } from '../../schema/introspect.ts'
import { postgresBulkLoad } from '../../storage/postgres/bulk-load.ts'
import { sqliteBulkLoad } from '../../storage/sqlite/bulk-load.ts'
import type { Queryable, Storage, Transaction } from '../../storage/storage.ts'
import { type LeftOut, copySchema } from '../copy-schema.ts'
import { copyAllRows } from './copy-rows.ts'
import { copySample } from './sample-rows.ts'

export interface CopyOptions {
  readonly include: NonNullable<SchemaScope['include']>
  /** At most so many rows of a table; all of them when left out. Only PostgreSQL. */
  readonly sampleRows: number | undefined
  readonly signal: AbortSignal | undefined
  /** Told before each table. */
  readonly onTable: (table: string, index: number, total: number) => void
}

export interface DatabaseCopy {
  readonly notCopied: readonly LeftOut[]
  /** Tables of which not all rows are there. */
  readonly partial: ReadonlySet<string>
}

/** @param source one state of the live database */
export async function copyDatabase(source: Queryable, shadow: Storage, { include, sampleRows, signal, onTable }: CopyOptions): Promise<DatabaseCopy> {
  const origin = { dialect: shadow.dialect, query: source.query.bind(source) }
  const notCopied = await copySchema(origin, shadow, include)
  const [live, schema] = [await introspect(origin), await introspect(shadow)]
  let partial: ReadonlySet<string> = new Set()
  let index = 0
  const next = (table: string): void => {
    if (signal?.aborted === true) throw abortedError('Cannot rehearse the migration', signal)
    onTable(table, (index += 1), schema.tables.size)
  }
  const copyAll = async (tx: Transaction): Promise<void> => {
    for (const table of schema.tables.values()) {
      next(table.name)
      await copyAllRows(source, tx, table, live.tables.get(table.name))
    }
  }
  if (shadow.dialect === 'sqlite') await sqliteBulkLoad(shadow, copyAll)
  else {
    await postgresBulkLoad(shadow, schema, async (tx) => {
      if (sampleRows === undefined) await copyAll(tx)
      else partial = await copySample(source, tx, schema, sampleRows, next)
      return partial.size > 0
    })
  }
  return { notCopied, partial }
}
