/**
 * Carries an `updateInBatches` operation out, one range of the key after the other. Where a range begins and ends is asked
 * of the database and remembered as its own text of the key, so no row is updated twice and none is left out, also when
 * a run ends between two ranges.
 */
import { TidemarkError } from '../errors.ts'
import { quoteIdentifier as id } from '../schema/identifier.ts'
import type { Dialect, JsonObject, Statement, Transaction } from '../storage/storage.ts'
import type { BatchedUpdate } from './operation.ts'
import { updateRangeStatement } from './update-rows.ts'

/** How far an update has come, while rows are left. */
export type Reached = {
  readonly column: string
  /** The highest key that was updated. */
  readonly key: string | number
  readonly rows: number
  /** Rows of the table when the update began. */
  readonly ofRows: number
}

export interface BatchOutcome {
  readonly rows: number
  readonly ofRows: number
  /** Undefined when no row is left. */
  readonly reached: Reached | undefined
}

/**
 * Updates the next range.
 *
 * @param report told of the changing statement just before it runs
 * @throws TidemarkError `operation_not_supported` where the table has no key that can be walked
 */
export async function updateNextBatch(tx: Transaction, update: BatchedUpdate, before: Reached | undefined, report: (statement: Statement) => void): Promise<BatchOutcome> {
  const words = wordsOf[tx.dialect]
  const start = before ?? (await startOf(tx, update))
  const after = before?.key
  const column = id(start.column)
  const { rows } = await tx.query<{ tidemark_bound: unknown }>({
    sql: `select ${words.exact(column)} as tidemark_bound from ${id(update.table)} ${after === undefined ? '' : `where ${column} > ${words.placeholder(1)} `}order by ${column} limit 1 offset ${update.size - 1}`,
    parameters: after === undefined ? [] : [after],
  })
  const last = rows[0]
  const upTo = last === undefined ? undefined : keyOf(update, start.column, last.tidemark_bound)
  const statement = updateRangeStatement(update, { column: start.column, after, upTo }, words.placeholder)
  report(statement)
  await tx.query(statement)
  if (upTo === undefined) return { rows: start.ofRows, ofRows: start.ofRows, reached: undefined }
  const done = start.rows + update.size
  const reached = { column: start.column, key: upTo, rows: done, ofRows: Math.max(start.ofRows, done) }
  return { rows: reached.rows, ofRows: reached.ofRows, reached }
}

/** Updates all ranges in this transaction. */
export async function updateInBatches(tx: Transaction, update: BatchedUpdate, report: (statement: Statement) => void, progress: (rows: number, ofRows: number) => void): Promise<void> {
  let reached: Reached | undefined
  do {
    const outcome = await updateNextBatch(tx, update, reached, report)
    progress(outcome.rows, outcome.ofRows)
    reached = outcome.reached
  } while (reached !== undefined)
}

/** What was remembered; undefined when it is nothing that this module wrote. */
export function reachedFrom(value: JsonObject): Reached | undefined {
  const { column, key, rows, ofRows } = value
  if (typeof column !== 'string' || typeof rows !== 'number' || typeof ofRows !== 'number') return undefined
  return typeof key === 'string' || typeof key === 'number' ? { column, key, rows, ofRows } : undefined
}

interface Words {
  readonly columns: (table: string) => Statement
  /** The key as a value of its own, which the engine reads back without loss: no decoding on the way. */
  readonly exact: (column: string) => string
  readonly placeholder: (position: number) => string
}

const wordsOf: { readonly [D in Dialect]: Words } = {
  sqlite: {
    columns: (table) => ({ sql: 'select name, pk > 0 as "inKey" from pragma_table_xinfo(?) order by pk', parameters: [table] }),
    exact: (column) => `+${column}`,
    placeholder: () => '?',
  },
  postgres: {
    columns: (table) => ({
      sql: `select a.attname as name, coalesce(a.attnum = any(k.conkey), false) as "inKey"
        from pg_attribute as a left join pg_constraint as k on k.conrelid = a.attrelid and k.contype = 'p'
        where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
      parameters: [id(table)],
    }),
    exact: (column) => `${column}::text`,
    placeholder: (position) => `$${position}`,
  },
}

async function startOf(tx: Transaction, update: BatchedUpdate): Promise<Omit<Reached, 'key'>> {
  const { rows: columns } = await tx.query<{ name: string; inKey: boolean | number }>(wordsOf[tx.dialect].columns(update.table))
  const primary = columns.filter(({ inKey }) => Boolean(inKey)).map(({ name }) => name)
  const column = update.key ?? (primary.length === 1 ? primary[0] : undefined)
  if (column === undefined) throw noKey(update, primary.length === 0 ? 'It has no primary key' : `Its primary key has several columns: ${primary.map((name) => `"${name}"`).join(', ')}`)
  // SQLite would take a name that it does not know for a text.
  if (!columns.some(({ name }) => name === column)) throw noKey(update, `It has no column "${column}"`)
  const { rows } = await tx.query<{ total: number; nulls: number }>({ sql: `select count(*) as total, count(*) - count(${id(column)}) as nulls from ${id(update.table)}` })
  const { total = 0, nulls = 0 } = rows[0] ?? {}
  if (nulls > 0) throw noKey(update, `Column "${column}" is null in ${nulls} rows, which no range would hold`)
  return { column, rows: 0, ofRows: total }
}

function keyOf(update: BatchedUpdate, column: string, value: unknown): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'bigint') return String(value)
  throw noKey(update, `Column "${column}" holds values that are neither numbers nor texts`)
}

function noKey({ table }: BatchedUpdate, why: string): TidemarkError {
  return new TidemarkError('operation_not_supported', `Cannot update table "${table}" in batches`, {
    why: `${why}.`,
    next: 'Give the name of a unique column without nulls as `key`, or update the table with op.execute.',
    details: { table },
  })
}
