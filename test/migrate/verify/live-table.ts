/** Tables as they would stand in a database, for what looks at their description only. */
import type { LiveColumn, LiveForeignKey, LiveTable } from '../../../src/schema/introspect.ts'

/** A column of whole numbers that takes null, where nothing else is said. */
export function liveColumn(name: string, rest: Partial<LiveColumn> = {}): LiveColumn {
  return { name, type: { kind: 'integer' }, declaredType: 'integer', nullable: true, ...rest }
}

export function liveTable(name: string, columns: readonly LiveColumn[], rest: Partial<LiveTable> = {}): LiveTable {
  return { name, columns, uniques: [], indexes: [], checks: [], foreignKeys: [], ...rest }
}

export function foreignKey(columns: readonly string[], table: string, references: readonly string[] = ['id']): LiveForeignKey {
  return { columns, references: { table, columns: references }, onDelete: 'no action', onUpdate: 'no action' }
}
