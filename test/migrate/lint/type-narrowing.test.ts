/** What is said of types is measured: a value of the old type goes into the new one and back, or is refused on the way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conversion } from '../../../src/migrate/autogenerate/type-conversion.ts'
import { nameOf, narrowing } from '../../../src/migrate/lint/type-narrowing.ts'
import type { ColumnType } from '../../../src/schema/column.ts'
import { quoteLiteral } from '../../../src/schema/identifier.ts'
import type { LiveType } from '../../../src/schema/introspect.ts'
import { postgresStatements, postgresType } from '../../../src/storage/postgres/ddl.ts'
import type { Dialect, Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

const text = (length?: number): ColumnType => ({ kind: 'text', length })
const numeric = (precision?: number, scale?: number): ColumnType => ({ kind: 'numeric', precision, scale })
const mood = (...values: readonly string[]): ColumnType => ({ kind: 'enum', values, name: values.join('_') })

/** Types, and values that need all of their room. */
const filled: readonly (readonly [ColumnType, readonly string[]])[] = [
  [{ kind: 'integer' }, ['-2147483648']],
  [{ kind: 'bigint' }, ['-9223372036854775808', '9223372036854775807']],
  [{ kind: 'real' }, ['0.30000000000000004', '-1.7976931348623157e+308']],
  [numeric(), ['1234567890123456789012345678901234567890.123456789']],
  [numeric(10, 2), ['-99999999.99']],
  [numeric(12, 2), ['-9999999999.99']],
  [numeric(12, 4), ['-99999999.9999']],
  [text(), ['x'.repeat(50)]],
  [text(10), ['ten letter']],
  [{ kind: 'boolean' }, ['true', 'false']],
  [{ kind: 'instant' }, ['2026-03-03 08:00:00.123+00']],
  [{ kind: 'date' }, ['4713-01-01 BC']],
  [{ kind: 'json' }, ['{"a": 1}']],
  [{ kind: 'bytes' }, ['\\x00ff']],
  [{ kind: 'uuid' }, ['02bc5b2a-bef8-4965-adea-59eafa000001']],
  [mood('calm', 'glad😀'), ['calm', 'glad😀']],
  [mood('calm'), ['calm']],
]

const targets: readonly ColumnType[] = [
  ...filled.map(([type]) => type), numeric(9), numeric(10), numeric(18), numeric(19), numeric(21, 2), text(3), text(4), text(5), text(11), text(12), text(13), text(19), text(20), text(35), text(36), mood('calm', 'glad😀', 'sad'), mood('glad😀', 'sad'),
]

/** Where lint warns though these values come through: texts whose length it does not reckon, decimals that are none any more, kinds that have little to do with each other. */
function isWary(from: ColumnType, to: ColumnType): boolean {
  if (to.kind === 'text') return ['real', 'numeric', 'instant', 'json', 'bytes'].includes(from.kind)
  return ['json', 'bytes'].includes(to.kind) || (from.kind === 'numeric' && to.kind === 'real') || (from.kind === 'boolean' && ['real', 'numeric'].includes(to.kind))
}

describe('a type that PostgreSQL changes', () => {
  let storage: Storage
  beforeAll(async () => {
    storage = await engineNamed('pglite memory').open()
    for (const type of targets) if (type.kind === 'enum') await storage.query({ sql: `create type ${postgresType(type)} as enum (${type.values.map(quoteLiteral).join(', ')})` })
    for (const [index, [type, values]] of filled.entries()) {
      await storage.query({ sql: `create table t${index} (${targets.map((_, column) => `c${column} ${postgresType(type)}`).join(', ')})` })
      for (const value of values) await storage.query({ sql: `insert into t${index} values (${targets.map(() => quoteLiteral(value)).join(', ')})` })
    }
  })
  afterAll(() => storage.close())

  /** Whether the values are the same when they come back. */
  async function keeps(table: number, column: number): Promise<boolean> {
    const [type, values] = filled[table] ?? []
    const to = targets[column]
    if (type === undefined || values === undefined || to === undefined) throw new RangeError('no such type')
    const changed = postgresStatements({ kind: 'alterColumn', table: `t${table}`, column: `c${column}`, change: { type: to, using: conversion(type, to, `c${column}`, 'postgres') } })
    let isSame = false
    await storage.transaction(async (tx) => {
      for (const statement of changed) await tx.query(statement)
      const back = conversion(to, type, `c${column}`, 'postgres') ?? `c${column}::${postgresType(type)}`
      const { rows } = await tx.query<{ value: string }>({ sql: `select (${back})::text as value from t${table}` })
      isSame = rows.every(({ value }, index) => value === values[index])
      throw new Error('rolled back')
    }).catch(() => undefined)
    return isSame
  }

  it.each(targets.map((to, column) => ({ name: `${nameOf(to)}${to.kind === 'enum' ? ` of ${to.values.join(' and ')}` : ''}`, to, column })))('to $name loses something exactly where that is said', async ({ to, column }) => {
    for (const [table, [from]] of filled.entries()) {
      const isSaid = narrowing('postgres', from, to) !== undefined
      if (!(isSaid && isWary(from, to))) expect(isSaid, `from ${nameOf(from)}`).toBe(!(await keeps(table, column)))
    }
  })
})

describe('a type that becomes another', () => {
  it.each([
    ['sqlite', 'integer', 'real', { kind: 'integer' }, { kind: 'real' }, true],
    ['sqlite', 'bigint', 'real, of which a double holds 53 bits', { kind: 'bigint' }, { kind: 'real' }, false],
    ['sqlite', 'numeric of 15 digits', 'real', numeric(15, 2), { kind: 'real' }, true],
    ['sqlite', 'numeric of more', 'real', numeric(16), { kind: 'real' }, false],
    ['sqlite', 'numeric of any', 'real', numeric(), { kind: 'real' }, false],
    ['sqlite', 'text', 'real', text(), { kind: 'real' }, false],
    ['sqlite', 'real', 'numeric, which is the same there', { kind: 'real' }, numeric(), true],
    ['sqlite', 'real', 'numeric of so many digits', { kind: 'real' }, numeric(10, 2), false],
    ['sqlite', 'bigint', 'integer, which is the same there', { kind: 'bigint' }, { kind: 'integer' }, true],
    ['sqlite', 'numeric', 'integer', numeric(), { kind: 'integer' }, false],
    ['postgres', 'numeric, which is decimal there', 'real', numeric(10, 2), { kind: 'real' }, false],
    ['postgres', 'what nobody knows', 'integer', undefined, { kind: 'integer' }, false],
    ['postgres', 'what nobody knows', 'text', undefined, text(), true],
    ['postgres', 'one of another program', 'uuid', { kind: 'other' }, { kind: 'uuid' }, false],
    ['postgres', 'one of another program', 'text', { kind: 'other' }, text(), true],
  ] satisfies readonly (readonly [Dialect, string, string, LiveType | undefined, ColumnType, boolean])[])('on %s: from %s to %s', (dialect, _from, _to, from, to, isHeld) => {
    expect(narrowing(dialect, from, to) === undefined).toBe(isHeld)
  })

  it.each([
    [text(9), text(5), ['longer than text(5)']],
    [numeric(9, 2), numeric(5), ['longer than numeric(5, 0)']],
    [numeric(9, 2), numeric(9, 1), ['longer than numeric(9, 1)']],
    [numeric(9, 2), { kind: 'integer' }, ['numeric(9, 2)', 'no integer']],
    [numeric(), { kind: 'integer' }, ['numeric values', 'no integer']],
    [text(), numeric(9, 2), ['text values', 'no numeric(9, 2)']],
    [text(9), { kind: 'date' }, ['text(9) values', 'no date']],
    [mood('calm'), mood('sad'), ['the enum loses']],
    [mood('calm'), { kind: 'uuid' }, ['enum values', 'no uuid']],
    [text(), mood('sad'), ['text values', 'no enum']],
    [{ kind: 'other' }, { kind: 'uuid' }, ['no uuid', 'nobody knows what the column holds']],
  ] satisfies readonly (readonly [LiveType, ColumnType, readonly string[]])[])('is told with what both can hold: %o to %o', (from, to, words) => {
    for (const word of words) expect(narrowing('postgres', from, to)).toContain(word)
  })
})
