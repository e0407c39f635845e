import { describe, expect, it } from 'vitest'
import { decoderOf } from '../../../src/storage/sqlite/values.ts'

const decoded = (type: string, value: unknown): unknown => decoderOf(type)?.(value) ?? value

describe('a declared type of SQLite', () => {
  it.each(['BOOLEAN', 'boolean', 'BOOL'])('%s means booleans', (type) => {
    expect([1, 0, 7, 'yes'].map((value) => decoderOf(type)?.(value))).toEqual([true, false, 7, 'yes'])
  })

  it.each(['INSTANT TEXT', 'INSTANT', 'DATETIME', 'TIMESTAMP', 'timestamptz', 'TIMESTAMP(3) WITH TIME ZONE'])('%s means instants', (type) => {
    expect(decoded(type, '2026-03-03 08:00:00')).toBe('2026-03-03T08:00:00.000Z')
    expect(decoded(type, 1_767_225_600)).toBe(1_767_225_600)
  })

  it.each(['JSON TEXT', 'JSON', 'jsonb'])('%s means JSON', (type) => {
    expect(decoderOf(type)?.('{"a":[1,null]}')).toEqual({ a: [1, null] })
    expect(decoderOf(type)?.('{broken')).toBe('{broken')
  })

  it.each(['INTEGER', 'BIGINT', 'REAL', 'NUMERIC(10,2)', 'TEXT', 'VARCHAR(20)', 'DATE TEXT', 'UUID TEXT', 'BLOB', ''])('%s needs no decoding', (type) => {
    expect(decoderOf(type)).toBeUndefined()
  })
})
