/**
 * Rows made to fit the tables of a live database, so that a migration meets data: every type, null and not null, edges,
 * keys that hold. What is there stays. The database is the judge of what fits: a row that it refuses is drawn again, and
 * a table for which none is found is reported with the reason.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { LiveForeignKey, LiveSchema, LiveTable } from '../../schema/introspect.ts'
import { quoteIdentifier as id, quoteLiteral } from '../../schema/identifier.ts'
import { exactColumn, updateExact } from '../../storage/exact-values.ts'
import type { Queryable, SqlValue, Transaction } from '../../storage/storage.ts'
import type { Draw } from './column-values.ts'
import { attempt, insertFitting } from './fitting-rows.ts'
import { type Values, chooseParents } from './parent-choice.ts'
import { type Parents, RowDrafts, isValues } from './row-draft.ts'
import { parentsFirst, refersTo, withExactNames } from './table-order.ts'

/** A storage, or a transaction of one. */
export interface Fillable extends Queryable {
  readonly dialect: Transaction['dialect']
  transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T>
}

export interface FillOptions {
  /** How many rows a table gets. Default 3, or as many as it takes for every value of an enum, up to 40. */
  readonly rowsPerTable?: number | undefined
  /** The tables that get rows. Default: those that have none. */
  readonly tables?: readonly string[] | undefined
  /** The same seed makes the same rows. Default 1. */
  readonly seed?: number | undefined
}

export interface TableFill {
  readonly table: string
  /** Rows that were added. */
  readonly added: number
  /** Why there are fewer than wanted. */
  readonly problem?: string | undefined
}

/** Adds rows to tables; all in one transaction. `schema` is the one that stands in the database. */
export async function fillTables(database: Fillable, schema: LiveSchema, options: FillOptions = {}): Promise<readonly TableFill[]> {
  const generator = xoroshiro128plus(options.seed ?? 1)
  const draw: Draw = (min, max) => uniformInt(generator, min, max)
  return database.transaction(async (tx) => {
    const names = options.tables ?? (await emptyTables(tx, schema))
    const tables = parentsFirst(withExactNames(schema).filter((table) => names.includes(table.name)))
    const fills: TableFill[] = []
    const filled: { readonly table: LiveTable; readonly rows: readonly Values[] }[] = []
    for (const table of tables) {
      const parents: Parents[] = []
      for (const key of table.foreignKeys) if (!refersTo(key, table)) parents.push({ key, tuples: await readKeys(tx, key) })
      const drafts = new RowDrafts(table, tx.dialect, parents, draw)
      const { rows, problem } = await insertFitting(tx, table, drafts, options.rowsPerTable ?? drafts.enough)
      filled.push({ table, rows })
      fills.push({ table: table.name, added: rows.length, problem })
    }
    for (const [position, { table, rows }] of filled.entries()) {
      const later = filled.slice(position + 1)
      for (const key of table.foreignKeys) if (later.some((other) => refersTo(key, other.table))) await closeCircle(tx, table, rows, key)
    }
    return fills
  })
}

async function emptyTables(tx: Transaction, schema: LiveSchema): Promise<readonly string[]> {
  const empty: string[] = []
  for (const table of schema.tables.keys()) {
    const { rows } = await tx.query({ sql: `select ${quoteLiteral(table)} as name from ${id(table)} limit 1` })
    if (rows.length === 0) empty.push(table)
  }
  return empty
}

/** What a foreign key can refer to. */
async function readKeys(tx: Transaction, { references }: LiveForeignKey): Promise<readonly (readonly SqlValue[])[]> {
  const columns = references.columns.map((column, position) => `${exactColumn(tx.dialect, column)} as c${position}`)
  const { rows } = await tx.query<Record<string, SqlValue>>({ sql: `select ${columns.join(', ')} from ${id(references.table)} limit 50` })
  return rows.map((row) => references.columns.map((_, position) => row[`c${position}`] ?? null))
}

/** Lets rows refer to a table that had none when they were made. Where that cannot be, they go on referring to nothing. */
async function closeCircle(tx: Transaction, table: LiveTable, rows: readonly Values[], key: LiveForeignKey): Promise<void> {
  const identity = table.primaryKey?.columns
  if (identity === undefined) return
  const tuples = await readKeys(tx, key)
  for (const [position, row] of rows.entries()) {
    // Some stay null.
    if (position % 2 === 1) continue
    const fixed = new Map([...row].filter(([column, value]) => value !== null || !key.columns.includes(column)))
    const chosen = chooseParents([{ key, tuples, prefersNull: false }], new Set(), fixed, position)
    if (!isValues(chosen)) continue
    const changes = new Map(key.columns.map((column): [string, SqlValue] => [column, chosen.get(column) ?? null]))
    const where = new Map(identity.map((column): [string, SqlValue] => [column, row.get(column) ?? null]))
    await attempt(tx, (inner) => inner.query(updateExact(tx.dialect, table.name, changes, where)))
  }
}
