/**
 * A column that becomes an enum brings a check of its own along. One of another name that says the same already, as other
 * programs make it beside a varchar, is found only when the declared schema is compared without the new one.
 */
import type { SchemaDifference } from '../../schema/difference.ts'
import type { LiveSchema, LiveTable } from '../../schema/introspect.ts'
import type { Definitions } from './table-change.ts'

/** The declared schema without the checks of columns that get another type; undefined where there are none. */
export function withoutRetypedEnumChecks(declared: LiveSchema, differences: readonly SchemaDifference[], after: Definitions): LiveSchema | undefined {
  const tables = new Map<string, LiveTable>(declared.tables)
  for (const difference of differences) {
    if (difference.kind !== 'columnChanged' || !difference.aspects.includes('type')) continue
    const check = after.get(difference.table)?.checks.find(({ enumOf }) => enumOf === difference.column)
    const table = tables.get(difference.table)
    if (check !== undefined && table !== undefined) tables.set(table.name, { ...table, checks: table.checks.filter(({ name }) => name !== check.name) })
  }
  return [...tables].every(([name, table]) => declared.tables.get(name) === table) ? undefined : { ...declared, tables }
}
