/**
 * The rows of all tables at one moment, as texts that are the same for the same value only, and what became of them at a
 * later one. Does not depend on the order of columns or rows. What it tells holds names and counts, never values.
 */
import type { LiveSchema, LiveTable } from '../../schema/introspect.ts'
import { type ValueText, valueTexts, valueTextsQuery } from '../../storage/exact-values.ts'
import type { Dialect, Queryable } from '../../storage/storage.ts'

export interface TableRows {
  readonly columns: readonly string[]
  /** What tells its rows apart; undefined for a table without a primary key. */
  readonly key: readonly string[] | undefined
  /** Each with the values in the order of `columns`. */
  readonly rows: readonly (readonly ValueText[])[]
}

/** By name of the table. */
export type RowSnapshot = ReadonlyMap<string, TableRows>

/** What happened to the rows of one table. */
export interface RowChange {
  readonly table: string
  readonly rowsBefore: number
  readonly rowsAfter: number
  readonly lostRows: number
  readonly addedRows: number
  /** Rows that are still there, but not as they were. */
  readonly changedRows: number
  /** Of rows that are still there; only columns where something happened. */
  readonly columns: readonly ColumnValueChange[]
}

/** What happened to the values of one column. */
export interface ColumnValueChange {
  readonly column: string
  /** Values that are null now, or whose column is gone. */
  readonly lostValues: number
  readonly changedValues: number
}

// SQLite joins no more than 500 by UNION ALL.
const tablesAStatement = 200

export async function snapshotRows(database: Queryable & { readonly dialect: Dialect }, schema: LiveSchema): Promise<RowSnapshot> {
  const tables = [...schema.tables.values()]
  const rows = new Map<string, (readonly ValueText[])[]>(tables.map((table) => [table.name, []]))
  for (let start = 0; start < tables.length; start += tablesAStatement) {
    const selects = tables.slice(start, start + tablesAStatement).map((table) => valueTextsQuery(database.dialect, table.name, columnNames(table)))
    const result = await database.query<{ name: string; texts: string }>({ sql: selects.join(' union all ') })
    for (const { name, texts } of result.rows) rows.get(name)?.push(valueTexts(database.dialect, texts))
  }
  return new Map(tables.map((table) => [table.name, { columns: columnNames(table), key: table.primaryKey?.columns, rows: rows.get(table.name) ?? [] }]))
}

/** Of every table that is on either side, sorted by name. One that is new has rows only afterwards. */
export function compareRows(before: RowSnapshot, after: RowSnapshot): readonly RowChange[] {
  const none: TableRows = { columns: [], key: undefined, rows: [] }
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().map((table) => ({ table, ...compareTable(before.get(table) ?? none, after.get(table) ?? none) }))
}

type TableChange = Omit<RowChange, 'table'>

function compareTable(before: TableRows, after: TableRows): TableChange {
  const common = before.columns.filter((column) => after.columns.includes(column))
  const [old, now] = [projection(before, common), projection(after, common)]
  const { lost, added, kept } = pairRows(before, after, old, now)
  const columns = new Map<string, { lostValues: number; changedValues: number }>()
  let changedRows = 0
  for (const [from, to] of kept) {
    let differs = false
    for (const [position, column] of common.entries()) {
      const [was, is] = [old[from]?.[position] ?? null, now[to]?.[position] ?? null]
      if (was === is) continue
      differs = true
      const counts = columns.get(column) ?? { lostValues: 0, changedValues: 0 }
      counts[is === null ? 'lostValues' : 'changedValues'] += 1
      columns.set(column, counts)
    }
    if (differs) changedRows += 1
  }
  for (const [position, column] of before.columns.entries()) {
    const lostValues = common.includes(column) ? 0 : kept.filter(([from]) => before.rows[from]?.[position] !== null).length
    if (lostValues > 0) columns.set(column, { lostValues, changedValues: 0 })
  }
  return {
    rowsBefore: before.rows.length,
    rowsAfter: after.rows.length,
    lostRows: lost,
    addedRows: added,
    changedRows,
    columns: [...columns].map(([column, counts]) => ({ column, ...counts })),
  }
}

/** Which row became which, by place. Rows are known by their key, or by all they hold where they have none. */
function pairRows(before: TableRows, after: TableRows, old: readonly (readonly ValueText[])[], now: readonly (readonly ValueText[])[]): { readonly lost: number; readonly added: number; readonly kept: readonly (readonly [number, number])[] } {
  const sameKey = before.key !== undefined && before.key.join('\0') === after.key?.join('\0')
  const [oldKeys, newKeys] = sameKey ? [keysOf(before), keysOf(after)] : [old.map((row) => JSON.stringify(row)), now.map((row) => JSON.stringify(row))]
  const places = new Map<string, number[]>()
  for (const [place, key] of newKeys.entries()) {
    const same = places.get(key)
    if (same === undefined) places.set(key, [place])
    else same.push(place)
  }
  const kept: [number, number][] = []
  const gone: number[] = []
  for (const [place, key] of oldKeys.entries()) {
    const found = places.get(key)?.pop()
    if (found === undefined) gone.push(place)
    else kept.push([place, found])
  }
  const fresh = [...places.values()].flat()
  if (sameKey) return { lost: gone.length, added: fresh.length, kept }
  // Without a key, a row that went and one that came are taken for one that changed.
  const changed = Math.min(gone.length, fresh.length)
  for (let index = 0; index < changed; index += 1) kept.push([gone[index] ?? 0, fresh[index] ?? 0])
  return { lost: gone.length - changed, added: fresh.length - changed, kept }
}

function projection({ columns, rows }: TableRows, wanted: readonly string[]): readonly (readonly ValueText[])[] {
  if (wanted.length === columns.length && wanted.every((column, position) => column === columns[position])) return rows
  const places = wanted.map((column) => columns.indexOf(column))
  return rows.map((row) => places.map((place) => row[place] ?? null))
}

function keysOf(table: TableRows): string[] {
  return projection(table, table.key ?? []).map((row) => JSON.stringify(row))
}

function columnNames(table: LiveTable): readonly string[] {
  return table.columns.map((column) => column.name)
}
