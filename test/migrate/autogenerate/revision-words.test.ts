/** The words in which revisions say the expressions of a schema, as they stand after the last of them. */
import { describe, expect, it } from 'vitest'
import { type TableWords, revisionWords } from '../../../src/migrate/autogenerate/revision-words.ts'
import { collectOperations } from '../../../src/migrate/collect-operations.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import { defaultNaming as naming } from '../../../src/schema/table.ts'

const columns = { id: c.integer().primaryKey(), price: c.integer().default(1), gross: c.integer().generated('price * 2') }
const constraints = { checks: [{ name: 'k', expression: 'price > 0' }], indexes: [{ name: 'i', columns: ['id', { expression: 'price + 1' }], where: 'price < 9' }] }

describe('the words of a table', () => {
  it('are those with which it was made', async () => {
    expect(await wordsOf((op) => op.createTable('items', columns, constraints))).toEqual({
      checks: { k: 'price > 0' }, indexes: { i: { name: 'i', columns: [{ column: 'id' }, { expression: 'price + 1' }], unique: false, where: 'price < 9' } },
      generated: { gross: 'price * 2' }, defaults: { price: { kind: 'value', value: 1 } },
    })
  })

  it('are those of what came later, also in a batch', async () => {
    const words = await wordsOf(async (op) => {
      await op.createTable('items', { id: c.integer().primaryKey(), price: c.integer().default(1) })
      await op.createCheck('k', 'items', 'price > 0')
      await op.batch('items', async (t) => {
        await t.createIndex('i', ['price'])
        await t.addColumn('gross', c.integer().generated('price * 3'))
        await t.addColumn('at', c.instant().defaultNow())
        await t.addColumn('free', c.text())
      })
      await op.alterColumn('items', 'price', { default: { sql: '1 + 1' } })
      await op.alterColumn('items', 'at', { nullable: true })
      await op.dropColumn('items', 'free')
    })
    expect(words).toEqual({
      checks: { k: 'price > 0' }, indexes: { i: { name: 'i', columns: [{ column: 'price' }], unique: false, where: undefined } },
      generated: { gross: 'price * 3' }, defaults: { price: { kind: 'sql', sql: '1 + 1' }, at: { kind: 'now' } },
    })
  })

  it('tell the comments of table and columns, as they stand last', async () => {
    const operations = await operationsOf(async (op) => {
      await op.createTable('items', { id: c.integer().primaryKey(), a: c.text().comment('first'), b: c.text().comment('second'), d: c.text().comment('gone'), e: c.text().comment('of old') }, { comment: 'goods' })
      await op.setColumnComment('items', 'b', 'other')
      await op.setColumnComment('items', 'd', null)
      await op.alterColumn('items', 'a', { name: 'z' })
      await op.alterColumn('items', 'z', { nullable: false })
      await op.dropColumn('items', 'e')
      await op.addColumn('items', 'e', c.text())
      await op.addColumn('items', 'f', c.text().comment('added'))
      await op.alterColumn('items', 'f', { comment: 'altered' })
    })
    expect(revisionWords(operations).get('items')?.comments).toEqual(new Map([[null, 'goods'], ['z', 'first'], ['b', 'other'], ['f', 'altered']]))
  })

  it('go with the table to its new name', async () => {
    const operations = await operationsOf(async (op) => {
      await op.createTable('items', columns)
      await op.renameTable('items', 'goods')
      await op.renameTable('unknown', 'other')
    })
    const words = revisionWords(operations)
    expect([...words.keys()]).toEqual(['goods'])
    expect(words.get('goods')?.generated.get('gross')).toBe('price * 2')
  })

  it('of a table that no revision made are none', async () => {
    const operations = await operationsOf(async (op) => {
      await op.createCheck('k', 'theirs', 'a > 0')
      await op.createIndex('i', 'theirs', ['a'])
      await op.addColumn('theirs', 'b', c.integer().default(1))
      await op.addColumn('theirs', 'd', c.integer().generated('a + 1'))
      await op.alterColumn('theirs', 'a', { name: 'z', default: 2 })
    })
    expect([...revisionWords(operations).keys()]).toEqual([])
  })

  it('have the new name of a column wherever they name it', async () => {
    expect(await wordsOf(async (op) => {
      await op.createTable('items', columns, constraints)
      await op.alterColumn('items', 'price', { name: 'cost' })
      await op.alterColumn('items', 'gross', { name: 'sum' })
      await op.alterColumn('items', 'id', { name: 'no' })
    })).toEqual({
      checks: { k: 'cost > 0' }, indexes: { i: { name: 'i', columns: [{ column: 'no' }, { expression: 'cost + 1' }], unique: false, where: 'cost < 9' } },
      generated: { sum: 'cost * 2' }, defaults: { cost: { kind: 'value', value: 1 } },
    })
  })

  it.each([
    ['a', 'b', `a > 0 and "a" < 9 and A <> 5`, 'b > 0 and b < 9 and b <> 5'],
    ['a', 'b', `aa > 0 and t.a > 0`, 'aa > 0 and t.b > 0'],
    ['length', 'size', `length(name) > length`, 'length(name) > size'],
    ['a', 'b', `name <> 'a' and a > 0`, `name <> 'a' and b > 0`],
    ['a', 'b c', `a > 0`, `"b c" > 0`],
    ['a', 'Big', `a > 0`, `"Big" > 0`],
    ['a', '_b1', `a > 0`, `_b1 > 0`],
    ['a', '1b', `a > 0`, `"1b" > 0`],
    ['name', 'b"c', `name > 0`, `"b""c" > 0`],
  ])('have a name only where it is one: %s becomes %s in %s', async (from, to, expression, expected) => {
    const words = await wordsOf(async (op) => {
      await op.createTable('items', { id: c.integer().primaryKey(), name: c.text(), [from]: c.integer() }, { checks: [{ name: 'k', expression }] })
      await op.alterColumn('items', from, { name: to })
    })
    expect(words?.checks).toEqual({ k: expected })
  })
})

type Plain = { readonly [K in Exclude<keyof TableWords, 'comments'>]: Readonly<Record<string, unknown>> }

async function wordsOf(upgrade: (op: Op) => Promise<void>): Promise<Plain | undefined> {
  const words = revisionWords(await operationsOf(upgrade)).get('items')
  return words && { checks: Object.fromEntries(words.checks), indexes: Object.fromEntries(words.indexes), generated: Object.fromEntries(words.generated), defaults: Object.fromEntries(words.defaults) }
}

async function operationsOf(upgrade: (op: Op) => Promise<void>): Promise<Parameters<typeof revisionWords>[0]> {
  const revision = defineRevision({ id: 'a1', down: [], message: 'words', createdAt: '2026-11-20T18:00:00Z', upgrade, irreversible: 'only read' })
  return (await collectOperations(revision, 'upgrade', { dialect: 'sqlite', naming })).operations
}
