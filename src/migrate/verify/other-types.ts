/** Types that no column builder makes: which known type has values that fit, or which texts the database reads as one. */
import type { ColumnType } from '../../schema/column.ts'
import type { Dialect } from '../../storage/storage.ts'

export type StandIn = ColumnType | { readonly kind: 'small integer' } | { readonly kind: 'written'; readonly texts: readonly string[] }

export function standIn(declaredType: string, dialect: Dialect): StandIn {
  return dialect === 'sqlite' ? byAffinity(declaredType) : byName(declaredType)
}

/** SQLite's own rule: the affinity of a column follows from the letters of its type. */
function byAffinity(declaredType: string): StandIn {
  if (/int/i.test(declaredType)) return { kind: 'small integer' }
  if (/char|clob|text/i.test(declaredType)) return { kind: 'text' }
  if (declaredType === '' || /blob/i.test(declaredType)) return { kind: 'bytes' }
  if (/real|floa|doub/i.test(declaredType)) return { kind: 'real' }
  return { kind: 'small integer' }
}

function byName(declaredType: string): StandIn {
  if (declaredType.endsWith('[]')) return { kind: 'written', texts: ['{}'] }
  // PostgreSQL writes the size in the middle: `time(3) with time zone`.
  const base = declaredType.replace(/\(.*\)/, '')
  const length = Number(/\((\d+)/.exec(declaredType)?.[1] ?? 1)
  const known: Readonly<Record<string, StandIn>> = {
    smallint: { kind: 'small integer' },
    real: { kind: 'real' },
    'timestamp without time zone': { kind: 'instant' },
    json: { kind: 'json' },
    character: { kind: 'text', length },
    bit: { kind: 'written', texts: ['1'.repeat(length), '0'.repeat(length)] },
  }
  return known[base] ?? { kind: 'written', texts: writtenForms[base] ?? Object.values(writtenForms).flat() }
}

/** Of a type that is not among them, one of these may be read all the same. */
const writtenForms: Readonly<Record<string, readonly string[]>> = {
  citext: ['a', 'Zoë'],
  oid: ['1', '16384'],
  'time without time zone': ['00:00:00', '23:59:59.999'],
  'time with time zone': ['00:00:00+00', '23:59:59.999+02'],
  interval: ['0', '1 year 2 mons 3 days 04:05:06.789', '-1 day'],
  money: ['0', '12.34'],
  inet: ['127.0.0.1', '::1', '10.1.2.3/8'],
  cidr: ['10.0.0.0/8'],
  macaddr: ['08:00:2b:01:02:03'],
  'bit varying': ['', '1'],
  xml: ['<a/>'],
  point: ['(0,0)', '(1.5,-2)'],
  tsvector: ['', "'a':1 'b':2"],
  int4range: ['empty', '[1,5)'],
  int8range: ['empty', '[1,5)'],
  numrange: ['empty', '[1.5,2.5)'],
  daterange: ['empty', '[2024-01-01,2024-03-01)'],
  tstzrange: ['empty', '["2024-01-01 00:00:00+00","2024-03-01 00:00:00+00")'],
}
