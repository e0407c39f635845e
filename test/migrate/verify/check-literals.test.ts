/** What the text of a check says about the values it wants, in the spelling of either engine. */
import { describe, expect, it } from 'vitest'
import { columnsOf, valuesNear } from '../../../src/migrate/verify/check-literals.ts'
import type { LiveColumn } from '../../../src/schema/introspect.ts'
import type { SqlValue } from '../../../src/storage/storage.ts'
import { liveColumn, liveTable } from './live-table.ts'

describe('the columns that a check names', () => {
  const table = liveTable('t', ['price', 'Qty', 'we"ird', 'größe', 'a1', 'cost$', 'x'].map((name) => liveColumn(name)))
  it.each([
    ['price > 0 and x < 5', ['price', 'x']],
    ['x > price', ['price', 'x']],
    ['PRICE > 0 and "qty" > 1', ['price', 'Qty']],
    ['"we""ird" is null', ['we"ird']],
    ['größe > a1 and cost$ > 1', ['größe', 'a1', 'cost$']],
    [`length("price") > 1 or note = 'it''s x' or other in ('Qty')`, ['price']],
    ['prices + max + a + a12 + cost > 1', []],
    ['(x)::text = (price)::text', ['price', 'x']],
  ])('in %s', (expression, expected) => expect(columnsOf(expression, table)).toEqual(expected))
})

describe('values near the literals of a check', () => {
  const near = (type: LiveColumn['type'], ...expressions: readonly string[]): readonly SqlValue[] =>
    valuesNear(expressions.map((expression) => ({ expression })), liveColumn('n', { type }), (min) => min)

  const texts = (expression: string): readonly string[] => near({ kind: 'text' }, expression).filter((value) => typeof value === 'string')
  const lengths = (expression: string): readonly number[] => texts(expression).map((text) => text.length).toSorted((a, b) => a - b)

  it.each([
    ['n >= 5', [4, 5, 6]],
    ['n > -3', [-4, -3, -2]],
    ['n > - 12', [-13, -12, -11]],
    // As PostgreSQL gives them back.
    [`(n > '-3'::integer)`, [-4, -3, -2]],
    [`((n > 1) AND (n <= 10))`, [0, 1, 2, 9, 10, 11]],
    [`n in (5, 5, 5)`, [4, 5, 6]],
    [`n <> '' and m <> 'x' and c3 <> ' '`, []],
    ['n is not null', []],
  ])('for whole numbers, beside %s', (expression, expected) => {
    expect(near({ kind: 'integer' }, expression).toSorted((a, b) => Number(a) - Number(b))).toEqual(expected)
    expect(near({ kind: 'bigint' }, expression)).toEqual(near({ kind: 'integer' }, expression))
  })

  it('for whole numbers are whole, and for others are not', () => {
    expect(near({ kind: 'integer' }, 'n > 2.25').toSorted()).toEqual([1, 2, 3])
    for (const kind of ['real', 'numeric'] as const) expect(near({ kind }, 'n > 2.25').toSorted()).toEqual([1.25, 2.25, 3.25])
  })

  it('are those of all checks that name the column', () => {
    expect(near({ kind: 'integer' }, 'n > 1', 'n < 9').toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 1, 2, 8, 9, 10])
  })

  it('for texts are those that it holds, and such as have the lengths that it may mean', () => {
    expect(near({ kind: 'text' }, `n in ('open', 'it''s', 'open')`)).toEqual(['open', `it's`])
    expect(near({ kind: 'text' }, `n <> ''`)).toEqual([''])
    expect(lengths('length(n) = 4')).toEqual([3, 4, 5])
    expect(lengths('length(n) > 0')).toEqual([0, 1])
    expect(lengths('length(n) > 10000')).toEqual([9_999, 10_000])
    for (const unfit of ['length(n) < 20001', 'n > 2.5', 'n > -5']) expect(near({ kind: 'text' }, unfit)).toEqual([])
  })

  it('for texts fit the patterns that it holds', () => {
    for (const [pattern, fits] of [['a_c%', /^a.c.*$/], ['%@_%._', /^.*@..*\..$/], ['__%%', /^..+$/]] as const) {
      expect(texts(`n like '${pattern}'`).some((text) => fits.test(text) && !/[%_]/.test(text))).toBe(true)
    }
  })

  it('for other types are the texts, where one could be a value', () => {
    for (const kind of ['instant', 'date', 'uuid', 'other'] as const) expect(near({ kind }, `n >= '2024-01-01' and m > 5`)).toEqual(['2024-01-01'])
    for (const kind of ['boolean', 'bytes'] as const) expect(near({ kind }, `n <> 'x' or n > 1`)).toEqual([])
  })
})
