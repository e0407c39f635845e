/** Whether a new type of a column can hold everything that the old one holds. */
import type { ColumnType } from '../../schema/column.ts'
import type { LiveType } from '../../schema/introspect.ts'
import type { Dialect } from '../../storage/storage.ts'

/**
 * What may be lost or refused, for people; undefined where every value fits.
 *
 * @param from undefined where nobody knows it
 */
export function narrowing(dialect: Dialect, from: LiveType | undefined, to: ColumnType): string | undefined {
  if (to.kind === 'text' && to.length === undefined) return undefined
  if (from === undefined || from.kind === 'other') return `values that are no ${nameOf(to)} are refused or cut, and nobody knows what the column holds`
  if (holdsAll(dialect, from, to)) return undefined
  if (from.kind === to.kind && (to.kind === 'text' || to.kind === 'numeric')) return `values that are longer than ${nameOf(to)} are refused or cut`
  if (from.kind === 'enum' && to.kind === 'enum') return `values that the enum loses are refused`
  return `${nameOf(from)} values that are no ${nameOf(to)} are refused or cut`
}

function holdsAll(dialect: Dialect, from: LiveType, to: ColumnType): boolean {
  switch (to.kind) {
    case 'text':
      return longest(from) <= (to.length ?? Number.POSITIVE_INFINITY)
    case 'enum':
      return from.kind === 'enum' && from.values.every((value) => to.values.includes(value))
    case 'numeric':
      return numericHolds(dialect, from, to)
    case 'bigint':
      return ['integer', 'bigint', 'boolean'].includes(from.kind)
    case 'integer':
      return ['integer', 'boolean'].includes(from.kind) || (dialect === 'sqlite' && from.kind === 'bigint')
    case 'real':
      // A double holds 15 digits, and SQLite keeps decimals in one anyway.
      return ['integer', 'real'].includes(from.kind) || (dialect === 'sqlite' && from.kind === 'numeric' && (from.precision ?? Number.POSITIVE_INFINITY) <= 15)
    case 'instant':
      return ['instant', 'date'].includes(from.kind)
    default:
      return from.kind === to.kind
  }
}

/** Characters of the longest text that a value of the type makes. */
function longest(type: LiveType): number {
  if (type.kind === 'text') return type.length ?? Number.POSITIVE_INFINITY
  if (type.kind === 'enum') return Math.max(...type.values.map((value) => [...value].length))
  const digits: Partial<Record<LiveType['kind'], number>> = { integer: 11, bigint: 20, boolean: 5, date: 13, uuid: 36 }
  return digits[type.kind] ?? Number.POSITIVE_INFINITY
}

function numericHolds(dialect: Dialect, from: LiveType, to: Extract<ColumnType, { kind: 'numeric' }>): boolean {
  // PostgreSQL takes 15 digits of a double, which may need 17.
  if (from.kind === 'real') return dialect === 'sqlite' && to.precision === undefined
  if (!['integer', 'bigint', 'numeric'].includes(from.kind)) return false
  if (to.precision === undefined) return true
  const whole = to.precision - (to.scale ?? 0)
  if (from.kind === 'numeric') return from.precision !== undefined && (from.scale ?? 0) <= (to.scale ?? 0) && from.precision - (from.scale ?? 0) <= whole
  return whole >= (from.kind === 'integer' ? 10 : 19)
}

export function nameOf(type: LiveType): string {
  if (type.kind === 'text' && type.length !== undefined) return `text(${type.length})`
  if (type.kind === 'numeric' && type.precision !== undefined) return `numeric(${type.precision}, ${type.scale ?? 0})`
  return type.kind
}
