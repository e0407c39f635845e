/** Which operation an excuse is about: for every one that there is, its own call as a revision writes it. */
import { describe, expect, it } from 'vitest'
import { collectOperations } from '../../../src/migrate/collect-operations.ts'
import { excusesIn, isAbout, type Place } from '../../../src/migrate/lint/excuses.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import { defaultNaming } from '../../../src/schema/table.ts'

/** Calls on `op`. The arguments that tell one call from another are those called after fruit. */
const alone = [
  `op.createTable('apple', { id: c.integer() })`, `op.dropTable('apple')`, `op.renameTable('apple', 'pear')`, `op.createEnum('apple', ['a'])`, `op.alterEnum('apple', { add: 'b' })`,
  `op.dropEnum('apple')`, `op.execute('apple')`, `op.insert('apple', [{ id: 1 }])`, `op.updateInBatches('apple', { set: 'a = 1' })`, `op.addColumn('apple', 'pear', c.text())`,
  `op.dropColumn('apple', 'pear')`, `op.alterColumn('apple', 'pear', { nullable: true })`, `op.setColumnComment('apple', 'pear', 'words')`, `op.setTableComment('apple', 'words')`,
  `op.createIndex('apple', 'pear', ['a'])`, `op.createPrimaryKey('apple', 'pear', ['a'])`, `op.createUnique('apple', 'pear', ['a'])`,
  `op.createForeignKey('apple', 'pear', ['a'], { table: 't', columns: ['id'] })`, `op.createCheck('apple', 'pear', 'a > 0')`, `op.dropIndex('apple', 'pear')`, `op.dropConstraint('apple', 'pear')`,
  `op.batch('apple', async (t) => { await t.dropColumn('a') })`,
]

/** Calls on the `t` of a batch. */
const inBatch = [
  `t.addColumn('apple', c.text())`, `t.dropColumn('apple')`, `t.alterColumn('apple', { nullable: true })`, `t.setColumnComment('apple', 'words')`, `t.setTableComment('words')`,
  `t.createIndex('apple', ['a'])`, `t.createPrimaryKey('apple', ['a'])`, `t.createUnique('apple', ['a'])`, `t.createForeignKey('apple', ['a'], { table: 't', columns: ['id'] })`,
  `t.createCheck('apple', 'a > 0')`, `t.dropIndex('apple')`, `t.dropConstraint('apple')`,
]

describe('an excuse above', () => {
  it.each(alone)('%s is about that operation, and none of another name', async (call) => {
    const place = { operation: await made(call) }
    expect(isAbout(excuseAbove(call), place)).toBe(true)
    for (const name of ['apple', 'pear'].filter((fruit) => call.includes(fruit))) expect(isAbout(excuseAbove(call.replace(name, 'plum')), place), name).toBe(false)
    for (const other of alone.filter((one) => one !== call)) expect(isAbout(excuseAbove(other), place), other).toBe(false)
  })

  it.each(alone)('%s is about it with names that are no literals, too', async (call) => {
    expect(isAbout(excuseAbove(call.replaceAll(/'(apple|pear)'/gu, '$1')), { operation: await made(call) })).toBe(true)
  })

  it.each(inBatch)('%s in a batch is about that operation, and none of another name or table', async (call) => {
    const batch = await made(`op.batch('posts', async (t) => { await ${call} })`)
    if (batch.kind !== 'batch') throw new TypeError('no batch was made')
    const place: Place = { operation: batch.operations[0], batch }
    const written = (table: string, inside: string) => excuseIn(`await op.batch(${table}, async (t) => {\n// lint-allow raw-sql: x\nawait ${inside}\n})`)
    expect(isAbout(written(`'posts'`, call), place)).toBe(true)
    expect(isAbout(written('posts', call), place)).toBe(true)
    expect(isAbout(written(`'users'`, call), place)).toBe(false)
    if (call.includes('apple')) expect(isAbout(written(`'posts'`, call.replace('apple', 'plum')), place)).toBe(false)
    for (const other of inBatch.filter((one) => one !== call)) expect(isAbout(written(`'posts'`, other), place), other).toBe(false)
    expect(isAbout(excuseAbove(`op.batch('posts', run)`), place)).toBe(true)
    expect(isAbout(excuseAbove(`op.batch('users', run)`), place)).toBe(false)
  })

  it('an operation in a batch is not about the same one outside of it', async () => {
    const inside = excuseIn(`await op.batch('posts', async (t) => {\n// lint-allow raw-sql: x\nawait t.dropColumn('posts', 'a')\n})`)
    expect(isAbout(inside, { operation: await made(`op.dropColumn('posts', 'a')`) })).toBe(false)
  })

  it('a question is about no operation, and a call about no question', async () => {
    expect(isAbout(excuseAbove(`op.query('select 1')`), { operation: undefined })).toBe(true)
    expect(isAbout(excuseAbove(`op.execute('select 1')`), { operation: undefined })).toBe(false)
  })

  it('nothing is about nothing', async () => {
    expect(isAbout(excuseIn('// lint-allow raw-sql: x'), { operation: await made(`op.dropTable('apple')`) })).toBe(false)
  })
})

describe('a comment', () => {
  it.each([
    ['lint-allow raw-sql: why', 'raw-sql', 'why'],
    ['   lint-allow   raw-sql  :  why: this ', 'raw-sql', 'why: this'],
    [' lint-allow raw-sql', 'raw-sql', ''],
    [' lint-allow raw-sql:', 'raw-sql', ''],
    [' lint-allow', '', ''],
    ['  lint-allow', '', ''],
    [' lint-allow : why', '', ''],
    [' lint-allow two words: why', '', ''],
  ])('"//%s" excuses the rule "%s" for the reason "%s"', (text, rule, reason) => {
    expect(excusesIn(`//${text}`, 'upgrade')).toEqual([{ rule, reason, line: 1, direction: undefined, call: undefined }])
  })

  it.each([' see lint-allow raw-sql: why', ' do not lint-allow', ' lint-allowed raw-sql: why', 'lint allow raw-sql: why'])('"//%s" is none', (text) => {
    expect(excusesIn(`//${text}`, 'upgrade')).toEqual([])
  })
})

function excuseIn(source: string) {
  const [excuse, ...more] = excusesIn(source, 'upgrade')
  if (excuse === undefined || more.length > 0) throw new RangeError('not one excuse')
  return excuse
}

function excuseAbove(call: string) {
  return excuseIn(`// lint-allow raw-sql: x\nawait ${call}`)
}

/** What the call makes: the text that is looked through is the code that is run. */
async function made(call: string) {
  // oxlint-disable-next-line typescript/no-implied-eval -- the calls that stand in this file; their text and what they do have to be the same
  const upgrade = new Function('op', 'c', `return ${call}`) as (op: Op, columns: typeof c) => Promise<void>
  const revision = defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', upgrade: (op) => upgrade(op, c), downgrade: async () => undefined })
  const { operations } = await collectOperations(revision, 'upgrade', { dialect: 'postgres', naming: defaultNaming })
  const [operation] = operations
  if (operation === undefined || operations.length > 1) throw new RangeError('not one operation')
  return operation
}
