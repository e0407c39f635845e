/** SQLite takes `Users` and `users` for one name: where a live schema spells a name otherwise, the declared spelling is used. */
import { nameKey } from '../../schema/compare-expressions.ts'
import type { LiveKey, LiveSchema, LiveTable } from '../../schema/introspect.ts'

/** The live schema with names of tables and columns as the declared one has them. */
export function inDeclaredSpelling(live: LiveSchema, declared: LiveSchema): LiveSchema {
  if (live.dialect === 'postgres') return live
  const key = (name: string): string => nameKey(live.dialect, name)
  const tables = new Map([...declared.tables.values()].map((table) => [key(table.name), table]))
  const spell = (table: LiveTable | undefined): ((column: string) => string) => {
    const columns = new Map(table?.columns.map(({ name }) => [key(name), name]))
    return (column) => columns.get(key(column)) ?? column
  }
  const respelled = [...live.tables.values()].map((table): LiveTable => {
    const other = tables.get(key(table.name))
    const column = spell(other)
    const inKey = <Key extends LiveKey>(item: Key): Key => ({ ...item, columns: item.columns.map(column) })
    return {
      ...table,
      name: other?.name ?? table.name,
      columns: table.columns.map((item) => ({ ...item, name: column(item.name) })),
      primaryKey: table.primaryKey && inKey(table.primaryKey),
      uniques: table.uniques.map(inKey),
      indexes: table.indexes.map((index) => ({ ...index, columns: index.columns.map((part) => ('column' in part ? { ...part, column: column(part.column) } : part)) })),
      foreignKeys: table.foreignKeys.map((foreignKey) => {
        const target = tables.get(key(foreignKey.references.table))
        return { ...inKey(foreignKey), references: { table: target?.name ?? foreignKey.references.table, columns: foreignKey.references.columns.map(spell(target)) } }
      }),
    }
  })
  return { ...live, tables: new Map(respelled.map((table) => [table.name, table])) }
}
