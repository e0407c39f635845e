import { describe, expect, it } from 'vitest'
import { narrowing } from '../../../src/migrate/lint/type-narrowing.ts'
import { c } from '../../../src/schema/column.ts'

const real = c.real().definition.type

describe('a type that becomes real', () => {
  it.each([
    ['sqlite', 'integer', c.integer(), true],
    ['sqlite', 'bigint, of which a double holds 53 bits', c.bigint(), false],
    ['sqlite', 'numeric of 15 digits', c.numeric(15, 2), true],
    ['sqlite', 'numeric of more', c.numeric(16), false],
    ['sqlite', 'numeric of any', c.numeric(), false],
    ['postgres', 'integer', c.integer(), true],
    ['postgres', 'bigint', c.bigint(), false],
    ['postgres', 'numeric, which is decimal there', c.numeric(10, 2), false],
  ] as const)('on %s from %s', (dialect, _, before, isHeld) => {
    expect(narrowing(dialect, before.definition.type, real) === undefined).toBe(isHeld)
  })
})
