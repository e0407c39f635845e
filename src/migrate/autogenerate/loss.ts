/** What the way back does not bring back, as the reason that stands in the revision (`lossy`). */
import { listed } from '../../answers/listed.ts'
import type { ColumnType } from '../../schema/column.ts'
import type { Operation } from '../operation.ts'
import type { RowChange } from '../verify/row-snapshot.ts'
import type { Definitions } from './table-change.ts'

/**
 * Undefined where nothing is known to be lost. `rowChanges` are those of a trial with made-up rows: they tell of what the
 * operations do not show by themselves.
 */
export function lossOf(upgrade: readonly Operation[], before: Definitions, rowChanges: readonly RowChange[]): string | undefined {
  const rows = new Set<string>()
  const gone = new Set<string>()
  const changed = new Set<string>()
  for (const operation of upgrade.flatMap((item): readonly Operation[] => (item.kind === 'batch' ? item.operations : [item]))) {
    if (operation.kind === 'dropTable') rows.add(operation.table)
    if (operation.kind !== 'dropColumn' && operation.kind !== 'alterColumn') continue
    const column = before.get(operation.table)?.columns.find((candidate) => candidate.name === operation.column)
    if (column === undefined || column.generated !== undefined) continue
    const name = `${operation.table}.${operation.column}`
    if (operation.kind === 'dropColumn') gone.add(name)
    else if (operation.change.type !== undefined && cuts(column.type, operation.change.type)) changed.add(name)
  }
  for (const { table, lostRows, columns } of rowChanges) {
    if (lostRows > 0) rows.add(table)
    if (rows.has(table)) continue
    for (const { column, changedValues } of columns) {
      const name = `${table}.${column}`
      if (!gone.has(name)) (changedValues > 0 ? changed : gone).add(name)
    }
  }
  const losses = [
    ...(rows.size === 0 ? [] : [`the rows of ${listed([...rows])}`]),
    ...(gone.size === 0 ? [] : [`the values of ${listed([...gone])}`]),
  ]
  const parts = [
    ...(losses.length === 0 ? [] : [`${losses.join(' and ')} do not come back`]),
    ...(changed.size === 0 ? [] : [`values of ${listed([...changed])} can come back changed`]),
  ]
  return parts.length === 0 ? undefined : parts.join('; ')
}

/** True when a value of the one type can be another one after it was one of the other. */
function cuts(from: ColumnType, to: ColumnType): boolean {
  const scale = scaleOf(from)
  const left = scaleOf(to)
  if (scale !== undefined && left !== undefined) return left < scale
  return (scale !== undefined && to.kind === 'boolean') || (from.kind === 'instant' && to.kind === 'date')
}

/** How many digits behind the point a number keeps. */
function scaleOf(type: ColumnType): number | undefined {
  switch (type.kind) {
    case 'integer':
    case 'bigint':
      return 0
    case 'real':
      return Infinity
    case 'numeric':
      return type.precision === undefined ? Infinity : (type.scale ?? 0)
    default:
      return undefined
  }
}
