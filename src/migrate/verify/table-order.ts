/** The order in which tables get rows, which follows from their foreign keys. */
import type { LiveForeignKey, LiveSchema, LiveTable } from '../../schema/introspect.ts'
import { folded } from '../../storage/sqlite/ddl-tokens.ts'

/** Each after those it refers to. In a circle, a table whose keys into it may be null comes first. */
export function parentsFirst(tables: readonly LiveTable[]): readonly LiveTable[] {
  const ordered = new Set<LiveTable>()
  for (;;) {
    const left = tables.filter((table) => !ordered.has(table))
    const waitsFor = (keys: readonly LiveForeignKey[], table: LiveTable): boolean => keys.some((key) => left.some((other) => other !== table && refersTo(key, other)))
    const next =
      left.find((table) => !waitsFor(table.foreignKeys, table)) ??
      left.find((table) => !waitsFor(table.foreignKeys.filter((key) => !mayBeNull(key, table)), table)) ??
      left[0]
    if (next === undefined) return [...ordered]
    ordered.add(next)
  }
}

export function refersTo(key: LiveForeignKey, table: LiveTable): boolean {
  return key.references.table === table.name
}

/** SQLite finds tables and columns in any case; here foreign keys name them as they are called. */
export function withExactNames({ tables }: LiveSchema): readonly LiveTable[] {
  const named = new Map([...tables.values()].map((table) => [folded(table.name), table]))
  const columnNames = (table: LiveTable | undefined, columns: readonly string[]): readonly string[] =>
    columns.map((name) => (table?.columns.find((column) => column.name === name) ?? table?.columns.find((column) => folded(column.name) === folded(name)))?.name ?? name)
  return [...tables.values()].map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.map((key) => {
      const target = tables.get(key.references.table) ?? named.get(folded(key.references.table))
      const references = { table: target?.name ?? key.references.table, columns: columnNames(target, key.references.columns) }
      return { ...key, columns: columnNames(table, key.columns), references }
    }),
  }))
}

function mayBeNull(key: LiveForeignKey, table: LiveTable): boolean {
  return table.columns.some((column) => column.nullable && key.columns.includes(column.name))
}
