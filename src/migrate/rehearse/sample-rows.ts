/**
 * A part of the rows of a PostgreSQL database, chosen so that foreign keys hold: of a table that refers to one of which
 * only a part is there, rows that refer to that part. A tree inside a table is taken from its roots downwards. Keys in a
 * circle are put right afterwards.
 */
import type { LiveForeignKey, LiveSchema, LiveTable } from '../../schema/introspect.ts'
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import type { JsonValue, Queryable, SqlValue, Transaction } from '../../storage/storage.ts'
import { parentsFirst, refersTo } from '../verify/table-order.ts'
import { type CopiedRows, copiedColumns, readRows, writeRows } from './copy-rows.ts'

type Rows = CopiedRows['rows']

/**
 * @param limit rows of a table at most
 * @param copied told before each table
 * @returns the tables of which not all rows were taken
 */
export async function copySample(source: Queryable, target: Transaction, schema: LiveSchema, limit: number, copied: (table: string) => void): Promise<ReadonlySet<string>> {
  const parts = new Map<string, CopiedRows>()
  for (const table of parentsFirst([...schema.tables.values()])) {
    copied(table.name)
    const columns = copiedColumns('postgres', table)
    const toParts = table.foreignKeys.flatMap((key): Condition[] => {
      const [parent, part] = [schema.tables.get(key.references.table), parts.get(key.references.table)]
      return parent === undefined || part === undefined ? [] : [isFreeOrIn(key, parent, part)]
    })
    const read = (conditions: readonly Condition[], most: number): Promise<Rows> => readWhere(source, table.name, columns, conditions, most)
    let rows = await read(toParts, limit + 1)
    const complete = toParts.length === 0 && rows.length <= limit
    if (!complete) {
      const tree = table.foreignKeys.find((key) => refersTo(key, table))
      rows = tree === undefined ? rows.slice(0, limit) : await downwards(tree, table, columns, limit, (level, most) => read([...toParts, level], most))
      parts.set(table.name, { columns, rows })
    }
    await writeRows(target, table.name, { columns, rows })
  }
  return new Set(parts.keys())
}

interface Condition {
  /** @param place writes the place of the one parameter */
  readonly sql: (place: string) => string
  readonly parameter?: SqlValue | undefined
}

function readWhere(source: Queryable, table: string, columns: readonly string[], conditions: readonly Condition[], most: number): Promise<Rows> {
  const parameters: SqlValue[] = []
  const texts = conditions.map(({ sql, parameter }) => sql(parameter === undefined ? '' : `$${parameters.push(parameter)}`))
  return readRows(source, 'postgres', table, columns, `${texts.length === 0 ? '' : `where ${texts.join(' and ')}`} limit ${most}`, parameters)
}

/** Level by level; each leaves room for those below it. */
async function downwards(key: LiveForeignKey, table: LiveTable, columns: readonly string[], limit: number, read: (level: Condition, most: number) => Promise<Rows>): Promise<Rows> {
  const itself = `(${key.columns.map(id).join(', ')}) = (${key.references.columns.map(id).join(', ')})`
  const rows: (readonly SqlValue[])[] = []
  let level = await read({ sql: () => `(${isFree(key)} or ${itself})` }, Math.ceil(limit / 2))
  while (level.length > 0) {
    rows.push(...level)
    const left = limit - rows.length
    const below = isIn(key, table, { columns, rows: level })
    level = left === 0 ? [] : await read({ ...below, sql: (place) => `not ${itself} and ${below.sql(place)}` }, Math.ceil(left / 2))
  }
  return rows
}

function isFreeOrIn(key: LiveForeignKey, parent: LiveTable, part: CopiedRows): Condition {
  const among = isIn(key, parent, part)
  return { ...among, sql: (place) => `(${isFree(key)} or ${among.sql(place)})` }
}

/** A key with a null in it refers to nothing. */
function isFree(key: LiveForeignKey): string {
  return `(${key.columns.map((column) => `${id(column)} is null`).join(' or ')})`
}

function isIn(key: LiveForeignKey, parent: LiveTable, { columns, rows }: CopiedRows): Condition {
  const wanted = key.references.columns
  const places = wanted.map((column) => columns.indexOf(column))
  const typed = wanted.map((name, position) => `(k ->> ${position})::${parent.columns.find((column) => column.name === name)?.declaredType ?? 'text'}`)
  return {
    sql: (place) => `(${key.columns.map(id).join(', ')}) in (select ${typed.join(', ')} from jsonb_array_elements(${place}::jsonb) as k)`,
    // The texts that PostgreSQL wrote for the values.
    parameter: rows.map((row) => places.map((place): JsonValue => textOf(row[place]))),
  }
}

function textOf(value: SqlValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}
