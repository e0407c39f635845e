import { describe, expect, it } from 'vitest'
import { lossOf } from '../../../src/migrate/autogenerate/loss.ts'
import type { Operation, TableOperation } from '../../../src/migrate/operation.ts'
import type { RowChange } from '../../../src/migrate/verify/row-snapshot.ts'
import type { ColumnSource } from '../../../src/migrate/op.ts'
import { c } from '../../../src/schema/column.ts'
import { defineSchema, table } from '../../../src/schema/table.ts'

const before = defineSchema({ posts: table({ id: c.integer().primaryKey(), body: c.text(), views: c.bigint(), twice: c.bigint().generated('views * 2') }) }).tables
const dropped = (column: string): TableOperation => ({ kind: 'dropColumn', table: 'posts', column })
const nothing: RowChange = { table: 'posts', rowsBefore: 3, rowsAfter: 3, lostRows: 0, addedRows: 0, changedRows: 0, columns: [] }

describe('what a way back does not bring back', () => {
  it('shows in what is dropped, also inside a batch, but not where it is computed from what stays', () => {
    expect(lossOf([{ kind: 'dropTable', table: 'posts' }], before, [])).toBe('the rows of posts do not come back')
    expect(lossOf([{ kind: 'batch', table: 'posts', operations: [dropped('body'), dropped('twice')] }], before, [])).toBe('the values of posts.body do not come back')
    expect(lossOf([dropped('body'), dropped('views'), { kind: 'dropTable', table: 'logs' }], before, [])).toMatch(/^the rows of logs and the values of posts\.body.*posts\.views do not come back$/)
    expect(lossOf([dropped('twice')], before, [])).toBeUndefined()
    expect(lossOf([{ kind: 'renameTable', from: 'posts', to: 'articles' }, { kind: 'dropIndex', table: 'posts', name: 'ix' }], before, [nothing])).toBeUndefined()
  })

  it('shows in what made-up rows have lost on the way, each thing once', () => {
    expect(lossOf([], before, [{ ...nothing, lostRows: 1, columns: [{ column: 'body', lostValues: 0, changedValues: 1 }] }])).toBe('the rows of posts do not come back')
    expect(lossOf([], before, [{ ...nothing, columns: [{ column: 'body', lostValues: 2, changedValues: 0 }] }])).toBe('the values of posts.body do not come back')
    expect(lossOf([dropped('body')], before, [{ ...nothing, columns: [{ column: 'body', lostValues: 0, changedValues: 3 }] }])).toBe('the values of posts.body do not come back')
    expect(lossOf([dropped('body')], before, [{ ...nothing, columns: [{ column: 'views', lostValues: 0, changedValues: 3 }] }])).toBe('the values of posts.body do not come back; values of posts.views can come back changed')
  })

  const types: readonly (readonly [name: string, from: ColumnSource, to: ColumnSource, cuts: boolean])[] = [
    ['a fraction from a number', c.numeric(10, 2), c.integer(), true],
    ['digits behind the point', c.numeric(10, 4), c.numeric(10, 2), true],
    ['a fraction from a floating number', c.real(), c.bigint(), true],
    ['digits of a floating number', c.real(), c.numeric(10, 2), true],
    ['digits of a number without a limit', c.numeric(), c.numeric(10, 2), true],
    ['which number it was', c.integer(), c.boolean(), true],
    ['the time of a day', c.instant(), c.date(), true],
    ['nothing from a whole number that may be larger', c.integer(), c.bigint(), false],
    ['nothing from a number that gets more digits', c.numeric(10, 2), c.numeric(12, 4), false],
    ['nothing from a date that gets a time', c.date(), c.instant(), false],
    ['nothing from a moment that becomes a text', c.instant(), c.text(), false],
    ['nothing from a text that becomes a date', c.text(), c.date(), false],
    ['nothing from a number that becomes a text', c.numeric(10, 2), c.text(), false],
  ]
  it.each(types)('is told of a change of type that cuts %s', (_, from, to, cuts) => {
    const change: Operation = { kind: 'alterColumn', table: 'items', column: 'n', change: { type: to.definition.type } }
    const items = new Map([['items', { ...defineSchema({ items: table({ id: c.integer() }) }).tables.get('items')!, columns: [{ name: 'n', ...from.definition }] }]])
    expect(lossOf([change], items, [])).toBe(cuts ? 'values of items.n can come back changed' : undefined)
  })
})
