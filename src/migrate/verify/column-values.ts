/**
 * Values that fit the type of a column, for rows that are made up: ordinary ones, and those at which programs stumble.
 * Knows types, not constraints. Keys are far from 1, 2, 3, so that rows which a revision itself brings do not meet them.
 */
import type { LiveColumn } from '../../schema/introspect.ts'
import type { Dialect, JsonValue, SqlValue } from '../../storage/storage.ts'
import { standIn } from './other-types.ts'

/** A whole number from `min` to `max`, both included. */
export type Draw = (min: number, max: number) => number

export interface ColumnValues {
  /** An ordinary value, hardly ever the same twice. */
  readonly ordinary: (draw: Draw) => SqlValue
  readonly edges: readonly SqlValue[]
}

export function valuesFor(column: LiveColumn, dialect: Dialect): ColumnValues {
  const type = column.type.kind === 'other' ? standIn(column.declaredType, dialect) : column.type
  switch (type.kind) {
    case 'integer':
      return { ordinary: (draw) => draw(100_000_000, 999_999_999), edges: [0, -1] }
    case 'bigint':
      return { ordinary: (draw) => draw(1, 9_000) * 1_000_000_000_000 + draw(0, 999_999_999), edges: [0, -1, 2n ** 53n + 1n] }
    case 'real':
      return { ordinary: (draw) => draw(1, 8_000_000) / 8, edges: [0, -1.5, 0.1, 1e15] }
    case 'numeric':
      return decimals(type.precision, type.scale)
    case 'text':
      return texts(type.length)
    case 'boolean':
      return { ordinary: (draw) => draw(0, 1) === 1, edges: [true, false] }
    case 'instant':
      return { ordinary: (draw) => new Date(draw(1_000_000_000, 2_000_000_000) * 1000 + draw(0, 999)).toISOString(), edges: ['1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '0099-03-01T00:00:00.000Z'] }
    case 'date':
      return { ordinary: (draw) => new Date(draw(1_000_000_000, 2_000_000_000) * 1000).toISOString().slice(0, 10), edges: ['2024-02-29', '9999-12-31', '0099-03-01'] }
    case 'json':
      return documents(column.default)
    case 'bytes':
      return { ordinary: (draw) => Uint8Array.from({ length: 8 }, () => draw(0, 255)), edges: [new Uint8Array(), Uint8Array.of(0, 255, 10, 92)] }
    case 'uuid':
      return { ordinary: (draw) => uuid(draw), edges: ['00000000-0000-0000-0000-000000000000'] }
    case 'enum':
      return { ordinary: (draw) => oneOf(type.values, draw), edges: type.values }
    case 'written':
      return { ordinary: (draw) => oneOf(type.texts, draw), edges: type.texts }
    case 'small integer':
      return { ordinary: (draw) => draw(10_000, 32_767), edges: [0, -1] }
    default:
      throw new TypeError(`unknown column type ${JSON.stringify(type satisfies never)}`)
  }
}

/** Null where there is none: PostgreSQL has enums without values. */
export function oneOf(values: readonly SqlValue[], draw: Draw): SqlValue {
  return values.length === 0 ? null : (values[draw(0, values.length - 1)] ?? null)
}

/** A text of that length, in which no two that are drawn are alike unless it is short. */
export function textOfLength(length: number, draw: Draw): string {
  const letters = Array.from({ length: Math.min(length, 12) }, () => 'abcdefghijklmnopqrstuvwxyz'[draw(0, 25)])
  return letters.join('').padEnd(length, 'm')
}

function texts(length: number | undefined): ColumnValues {
  const edges = ['', 'Zoë 🐚 日本', `O'Hara says "100 %"\\\n`]
  if (length === undefined) return { ordinary: (draw) => textOfLength(12, draw), edges }
  return {
    ordinary: (draw) => textOfLength(Math.min(length, 12), draw),
    // Characters are counted, not code units; a text that fits by the latter fits by any count.
    edges: ['m'.repeat(length), ...edges.filter((text) => text.length <= length)],
  }
}

function decimals(precision = 12, scale = 2): ColumnValues {
  // SQLite keeps 15 digits.
  const digits = Math.min(precision, 15)
  const places = Math.max(0, Math.min(scale, digits))
  const write = (all: string): string => `${all.slice(0, digits - places) || '0'}${places === 0 ? '' : `.${all.slice(digits - places)}`}`
  const most = write('9'.repeat(digits))
  return { ordinary: (draw) => write(Array.from({ length: digits }, (_, position) => (position === 0 ? draw(1, 9) : draw(0, 9))).join('')), edges: [0, most, `-${most}`] }
}

/** Objects, or lists where the default is one: what a program finds in a column has one shape. */
function documents(columnDefault: string | undefined): ColumnValues {
  const isList = columnDefault?.replace(/^[('\s]+/, '').startsWith('[') === true
  const nested = (draw: Draw): { readonly [key: string]: JsonValue } => ({ id: draw(1, 1_000_000), name: 'Zoë "🐚"', tags: ['a', ''], deep: { list: [1, -0.5, null, { ok: true }] } })
  return isList ? { ordinary: (draw) => [nested(draw), nested(draw)], edges: [[]] } : { ordinary: nested, edges: [{}, { '': [] }] }
}

function uuid(draw: Draw): string {
  const hex = Array.from({ length: 32 }, () => draw(0, 15).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
