/**
 * Values made up for a column, held against what their type allows, also where the dice fall lowest and highest. Whether
 * an engine takes them is asked in `synthetic-rows.test.ts`.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import { type ColumnValues, type Draw, valuesFor } from '../../../src/migrate/verify/column-values.ts'
import type { LiveColumn } from '../../../src/schema/introspect.ts'
import type { Dialect } from '../../../src/storage/storage.ts'
import { liveColumn } from './live-table.ts'

const isBetween = (low: number, high: number) => (value: unknown): boolean => Number.isInteger(value) && Number(value) >= low && Number(value) <= high
const matches = (pattern: RegExp) => (value: unknown): boolean => typeof value === 'string' && pattern.test(value)
const isInstant = (value: unknown): boolean => typeof value === 'string' && new Date(value).toISOString() === value
const isDay = (value: unknown): boolean => typeof value === 'string' && new Date(value).toISOString() === `${value}T00:00:00.000Z`
const isOneOf = (...values: readonly unknown[]) => (value: unknown): boolean => values.includes(value)

const isNumber = (pattern: RegExp) => (value: unknown): boolean => value === 0 || matches(pattern)(value)

const random = drawFrom(1)
const dice: readonly Draw[] = [(min) => min, (_, max) => max, ...Array.from({ length: 60 }, () => random)]

interface Case {
  readonly type: LiveColumn['type']
  /** What the engine calls it, where no builder makes the type. */
  readonly declared?: string
  readonly dialect?: Dialect
  readonly columnDefault?: string
  /** What the type takes. */
  readonly takes: (value: unknown) => boolean
  /** What ordinary values are beside that. */
  readonly ordinary?: (value: unknown) => boolean
  /** Edges that have to be among them. */
  readonly edges: readonly unknown[]
}

const other = { kind: 'other' } as const
const isInteger = isBetween(-(2 ** 31), 2 ** 31 - 1)
const isSmall = isBetween(-(2 ** 15), 2 ** 15 - 1)
// Keys begin far from those that revisions write themselves, and have the digits of their type.
const cases: Readonly<Record<string, Case>> = {
  integer: { type: { kind: 'integer' }, takes: isInteger, ordinary: isBetween(100_000_000, 2 ** 31 - 1), edges: [0, -1] },
  bigint: { type: { kind: 'bigint' }, takes: (value) => typeof value === 'bigint' || Number.isSafeInteger(value), ordinary: (value) => Number(value) > 2 ** 32, edges: [0, -1, 9_007_199_254_740_993n] },
  real: { type: { kind: 'real' }, takes: Number.isFinite, ordinary: (value) => Number(value) > 0 && Math.fround(Number(value)) === value, edges: [0, -1.5, 0.1, 1e15] },
  numeric: { type: { kind: 'numeric' }, takes: isNumber(/^-?\d{1,10}\.\d\d$/), ordinary: matches(/^[1-9]\d{9}\.\d\d$/), edges: [0, '9999999999.99', '-9999999999.99'] },
  'numeric(5, 2)': { type: { kind: 'numeric', precision: 5, scale: 2 }, takes: isNumber(/^-?\d{1,3}\.\d\d$/), ordinary: matches(/^[1-9]\d\d\.\d\d$/), edges: [0, '999.99', '-999.99'] },
  'numeric(4, 0)': { type: { kind: 'numeric', precision: 4, scale: 0 }, takes: isNumber(/^-?\d{1,4}$/), ordinary: matches(/^[1-9]\d\d\d$/), edges: [0, '9999', '-9999'] },
  'numeric(3, 3)': { type: { kind: 'numeric', precision: 3, scale: 3 }, takes: isNumber(/^-?0\.\d{3}$/), ordinary: matches(/^0\.[1-9]\d\d$/), edges: [0, '0.999', '-0.999'] },
  'numeric(2, 4)': { type: { kind: 'numeric', precision: 2, scale: 4 }, takes: isNumber(/^-?0\.\d{2}$/), edges: [0, '0.99', '-0.99'] },
  'numeric(3, -2)': { type: { kind: 'numeric', precision: 3, scale: -2 }, takes: isNumber(/^-?\d{1,3}$/), edges: [0, '999', '-999'] },
  'numeric(30, 4)': { type: { kind: 'numeric', precision: 30, scale: 4 }, takes: isNumber(/^-?\d{1,11}\.\d{4}$/), edges: [0, '99999999999.9999', '-99999999999.9999'] },
  text: { type: { kind: 'text' }, takes: (value) => typeof value === 'string', ordinary: matches(/^[a-z]{12}$/), edges: ['', expect.stringMatching(/[^\u0000-\uffff]/u), expect.stringMatching(/'.*".*%.*\\.*\n/)] },
  'text of 40': { type: { kind: 'text', length: 40 }, takes: matches(/^[\s\S]{0,40}$/), ordinary: matches(/^[a-z]{12}$/), edges: ['', expect.stringMatching(/^.{40}$/), expect.stringMatching(/[^\u0000-\uffff]/u), expect.stringMatching(/'.*"/)] },
  'text of 9': { type: { kind: 'text', length: 9 }, takes: matches(/^[\s\S]{0,9}$/), ordinary: matches(/^[a-z]{9}$/), edges: ['', expect.stringMatching(/^.{9}$/), expect.stringMatching(/[^\u0000-\uffff]/u)] },
  'text of 2': { type: { kind: 'text', length: 2 }, takes: matches(/^[\s\S]{0,2}$/), ordinary: matches(/^[a-z]{2}$/), edges: ['', expect.stringMatching(/^.{2}$/)] },
  boolean: { type: { kind: 'boolean' }, takes: (value) => typeof value === 'boolean', edges: [true, false] },
  instant: { type: { kind: 'instant' }, takes: isInstant, ordinary: matches(/^20[0-3]/), edges: ['1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', expect.stringMatching(/^00/)] },
  date: { type: { kind: 'date' }, takes: isDay, ordinary: matches(/^20[0-3]/), edges: ['2024-02-29', '9999-12-31', expect.stringMatching(/^00/)] },
  json: { type: { kind: 'json' }, takes: isObject, ordinary: (value) => JSON.stringify(value).includes('"deep":{"list":['), edges: [{}, expect.objectContaining({ '': expect.anything() })] },
  'json with an object as default': { type: { kind: 'json' }, columnDefault: `'{"a":[]}'::jsonb`, takes: isObject, edges: [{}] },
  'json with a list as default': { type: { kind: 'json' }, columnDefault: `('[]')`, takes: Array.isArray, ordinary: (value) => Array.isArray(value) && value.length === 2 && value.every(isObject), edges: [[]] },
  bytes: { type: { kind: 'bytes' }, takes: (value) => value instanceof Uint8Array, ordinary: (value) => value instanceof Uint8Array && value.length === 8, edges: [new Uint8Array(), Uint8Array.of(0, 255, 10, 92)] },
  uuid: { type: { kind: 'uuid' }, takes: matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/), ordinary: matches(/^.{14}4.{4}[89ab]/), edges: ['00000000-0000-0000-0000-000000000000'] },
  enum: { type: { kind: 'enum', values: ['low', 'mid', 'high'] }, takes: isOneOf('low', 'mid', 'high'), edges: ['low', 'mid', 'high'] },
  ...fromPostgres({
    smallint: { takes: isSmall, ordinary: isBetween(10_000, 32_767), edges: [0, -1] },
    real: { takes: Number.isFinite, ordinary: (value) => Math.fround(Number(value)) === value, edges: [0] },
    'timestamp without time zone': { takes: isInstant, edges: ['1970-01-01T00:00:00.000Z'] },
    'timestamp(3) without time zone': { takes: isInstant, edges: ['1970-01-01T00:00:00.000Z'] },
    json: { takes: isObject, edges: [{}] },
    'character(3)': { takes: matches(/^[\s\S]{0,3}$/), ordinary: matches(/^[a-z]{3}$/), edges: ['', expect.stringMatching(/^.{3}$/)] },
    character: { takes: matches(/^.?$/), ordinary: matches(/^[a-z]$/), edges: [''] },
    'bit(4)': { takes: matches(/^[01]{4}$/), edges: ['1111', '0000'] },
    bit: { takes: matches(/^[01]$/), edges: ['1', '0'] },
    'bit(12)': { takes: matches(/^[01]{12}$/), edges: ['111111111111', '000000000000'] },
    'bit varying(5)': { takes: matches(/^[01]{0,5}$/), edges: ['', '1'] },
    'text[]': { takes: isOneOf('{}'), edges: ['{}'] },
    'numeric(3,1)[]': { takes: isOneOf('{}'), edges: ['{}'] },
    'time without time zone': { takes: matches(/^\d\d:\d\d:\d\d(\.\d+)?$/), edges: ['00:00:00'] },
    'time(3) with time zone': { takes: matches(/^\d\d:\d\d:\d\d(\.\d+)?\+\d\d$/), edges: ['00:00:00+00'] },
    'interval(3)': { takes: matches(/^(0|-?\d+ (day|year).*)$/), edges: ['0'] },
    inet: { takes: matches(/^[\d.:]+(\/\d+)?$/), edges: ['127.0.0.1', '::1'] },
    // Nothing is known of it, so it gets one after the other of what other types are written like.
    unheard_of: { takes: (value) => typeof value === 'string', edges: ['0', 'empty', '127.0.0.1'] },
  }),
  ...fromSqlite({
    // https://sqlite.org/datatype3.html#determination_of_column_affinity, rules 1 to 5 in their order.
    ...Object.fromEntries(['SMALLINT', 'charint', 'FLOATING POINT', 'decimal(3)', 'anything'].map((name) => [name, { takes: isSmall, edges: [0, -1] }])),
    ...Object.fromEntries(['char(9)', 'CLOB', 'native text', 'textblob'].map((name) => [name, { takes: (value: unknown) => typeof value === 'string', edges: [''] }])),
    ...Object.fromEntries(['', 'BLOB', 'blobreal'].map((name) => [name, { takes: (value: unknown) => value instanceof Uint8Array, edges: [new Uint8Array()] }])),
    ...Object.fromEntries(['Real', 'FLOAT', 'double precision'].map((name) => [name, { takes: (value: unknown) => typeof value === 'number', ordinary: (value: unknown) => Math.fround(Number(value)) === value, edges: [0, 0.1] }])),
  }),
}

describe('values for a column', () => {
  it.each(Object.entries(cases))('of type %s fit it, and reach its edges', (_, one) => {
    const { ordinary, edges } = valuesOf(one)
    for (const draw of dice) {
      const value = ordinary(draw)
      expect({ value, fits: one.takes(value) && (one.ordinary?.(value) ?? true) }).toEqual({ value, fits: true })
    }
    for (const value of edges) expect({ value, fits: one.takes(value) }).toEqual({ value, fits: true })
    expect(edges).toEqual(expect.arrayContaining([...one.edges]))
  })

  it('are hardly ever the same twice, in types that have enough of them', () => {
    for (const name of ['integer', 'bigint', 'real', 'numeric', 'text', 'text of 9', 'instant', 'json', 'json with a list as default', 'bytes', 'uuid']) {
      const { ordinary } = valuesOf(cases[name]!)
      const draw = drawFrom(7)
      expect(new Set(Array.from({ length: 500 }, () => JSON.stringify(ordinary(draw)))).size, name).toBeGreaterThan(490)
    }
    const days = valuesOf(cases['date']!)
    expect(new Set(Array.from({ length: 500 }, () => days.ordinary(random))).size).toBeGreaterThan(400)
  })

  it('are each of the few that a type has, sooner or later', () => {
    for (const [name, all] of [['boolean', [true, false]], ['enum', ['low', 'mid', 'high']], ['bit(4) of PostgreSQL', ['1111', '0000']]] as const) {
      const { ordinary } = valuesOf(cases[name]!)
      expect(new Set(dice.map((draw) => ordinary(draw))), name).toEqual(new Set<unknown>(all))
    }
    expect(dice.some((draw) => !Number.isInteger(valuesOf(cases['real']!).ordinary(draw)))).toBe(true)
  })
})

function valuesOf({ type, declared = '', dialect = 'postgres', columnDefault }: Case): ColumnValues {
  return valuesFor(liveColumn('a', { type, declaredType: declared, default: columnDefault }), dialect)
}

/** Draws that ask for what cannot be drawn are mistakes. */
function drawFrom(seed: number): Draw {
  const generator = xoroshiro128plus(seed)
  return (min, max) => {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max) throw new RangeError(`nothing from ${min} to ${max}`)
    return uniformInt(generator, min, max)
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

type Declared = Readonly<Record<string, Omit<Case, 'type' | 'declared' | 'dialect'>>>

function fromPostgres(types: Declared): Record<string, Case> {
  return Object.fromEntries(Object.entries(types).map(([declared, rest]) => [`${declared} of PostgreSQL`, { ...rest, type: other, declared, dialect: 'postgres' }]))
}

function fromSqlite(types: Declared): Record<string, Case> {
  return Object.fromEntries(Object.entries(types).map(([declared, rest]) => [`${declared || 'nothing'} of SQLite`, { ...rest, type: other, declared, dialect: 'sqlite' }]))
}
