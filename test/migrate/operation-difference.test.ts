/** What people are told of a revision whose operations have changed since it was applied. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { summarizeDescription } from '../../src/migrate/checksum.ts'
import { differencesOf } from '../../src/migrate/operation-difference.ts'
import type { JsonObject, JsonValue } from '../../src/storage/storage.ts'

const drop = (table: string): JsonObject => ({ kind: 'dropTable', table })
const index = (name: string, rest: JsonObject): JsonObject => ({ kind: 'createIndex', table: 't', index: { name, columns: [{ column: 'a' }], unique: false, ...rest } })
const table = (rest: JsonObject): JsonObject => ({ kind: 'createTable', table: { name: 't', columns: [], uniques: [], indexes: [], checks: [], foreignKeys: [], ...rest } })

describe('lists of operations', () => {
  const cases: Readonly<Record<string, readonly [before: readonly JsonObject[], now: readonly JsonObject[], told: readonly string[]]>> = {
    'that are equal have no differences': [[drop('a'), index('i', {})], [drop('a'), index('i', {})], []],
    'are equal whatever the order of their properties': [[{ kind: 'dropTable', table: 'a' }], [{ table: 'a', kind: 'dropTable' }], []],
    'name what is new where it stands now': [[drop('a'), drop('c')], [drop('a'), drop('b'), drop('c')], ['operation 2: dropTable b is new']],
    'name what is gone where it stood': [[drop('a'), drop('b'), drop('c')], [drop('a'), drop('c')], ['operation 2 was dropTable b, which is gone']],
    'name all of it where one is empty': [[], [drop('a'), drop('b')], ['operation 1: dropTable a is new', 'operation 2: dropTable b is new']],
    'keep the longest run of what is equal': [
      [drop('x'), drop('a'), drop('b'), drop('c')], [drop('a'), drop('b'), drop('c'), drop('x')],
      ['operation 1 was dropTable x, which is gone', 'operation 4: dropTable x is new'],
    ],
    'also where it ends the list': [
      [drop('a'), drop('b'), drop('c'), drop('x')], [drop('x'), drop('a'), drop('b'), drop('c')],
      ['operation 1: dropTable x is new', 'operation 4 was dropTable x, which is gone'],
    ],
    'take one in the place of another for a change': [[drop('a'), drop('b'), drop('c')], [drop('a'), drop('x'), drop('c')], ['operation 2: dropTable x: was dropTable b']],
    'but not where there are more of them now': [[drop('a')], [drop('x'), drop('y')], ['operation 1: dropTable x is new', 'operation 2: dropTable y is new', 'operation 1 was dropTable a, which is gone']],
    'compare those of one title, wherever they stand': [
      [index('i', {}), index('j', {})], [index('j', { unique: true }), index('i', { where: 'a > 0' })],
      ['operation 1: createIndex j on t: unique true was false', 'operation 2: createIndex i on t: where "a > 0" is new'],
    ],
    'compare those of one title also where there are more of them now': [[index('i', {})], [index('i', { unique: true }), drop('a')], ['operation 1: createIndex i on t: unique true was false', 'operation 2: dropTable a is new']],
    'compare the rest in the places that are left': [[drop('a'), index('i', {})], [index('i', { unique: true }), drop('b')], ['operation 1: createIndex i on t: unique true was false', 'operation 2: dropTable b: was dropTable a']],
  }
  it.each(Object.entries(cases))('%s', (_, [before, now, told]) => {
    expect(differencesOf(before, now)).toEqual(told)
  })

  it('mention as few operations as they can', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 7 })
    fc.assert(fc.property(letters, letters, (before, now) => {
      const mentioned = differencesOf(before.map(drop), now.map(drop)).filter((line) => !line.endsWith(' is new')).length
      expect(before.length - mentioned).toBe(longestCommon(before, now))
    }))
  })
})

describe('an operation that says something else', () => {
  const long = (letter: string): string => letter.repeat(200)
  const of = (before: JsonValue, now: JsonValue): readonly [JsonObject, JsonObject] => [{ kind: 'execute', sql: before }, { kind: 'execute', sql: now }]
  const cases: Readonly<Record<string, readonly [before: JsonObject, now: JsonObject, told: string]>> = {
    'tells a value and what it was': [{ kind: 'setTableComment', table: 't', comment: null }, { kind: 'setTableComment', table: 't', comment: 'x' }, 'comment "x" was null'],
    'tells a value that is gone': [index('i', { where: 'a > 0' }), index('i', {}), 'where "a > 0" is gone'],
    'tells an object that is new without its parts': [{ kind: 'alterColumn', table: 't', column: 'a', change: {} }, { kind: 'alterColumn', table: 't', column: 'a', change: {}, enumCheck: { replaces: 'k' } }, 'enum check is new'],
    'tells an object that is gone without its parts': [table({ columns: [{ name: 'a', default: { kind: 'now' } }] }), table({ columns: [{ name: 'a' }] }), 'column "a" default is gone'],
    'tells each part of an object': [
      { kind: 'alterColumn', table: 't', column: 'a', change: { nullable: true, type: { kind: 'text', length: 5 } } }, { kind: 'alterColumn', table: 't', column: 'a', change: { nullable: false, type: { kind: 'text', length: 9 } } },
      'nullable false was true; type length 9 was 5',
    ],
    'tells a list without names as a whole': [index('i', {}), index('i', { columns: [{ column: 'b' }] }), 'columns [{"column":"b"}] was [{"column":"a"}]'],
    'tells a list with one name twice as a whole': [table({ checks: [{ name: 'k' }] }), table({ checks: [{ name: 'k' }, { name: 'k' }] }), 'checks [{"name":"k"},{"name":"k"}] was [{"name":"k"}]'],
    'tells a list in which something has no name as a whole': [table({ checks: [{ name: 'k' }] }), table({ checks: [{ name: 'k' }, 1] }), 'checks [{"name":"k"},1] was [{"name":"k"}]'],
    'tells what has a name by it': [
      table({ columns: [{ name: 'a', nullable: true }], indexes: [{ name: 'i' }], foreignKeys: [{ name: 'f', onDelete: 'cascade' }] }),
      table({ columns: [{ name: 'a', nullable: false }, { name: 'b' }], uniques: [{ name: 'u' }], foreignKeys: [{ name: 'f', onDelete: 'no action' }] }),
      'column "a" nullable false was true; column "b" is new; foreign key "f" on delete "no action" was "cascade"; index "i" is gone; unique "u" is new',
    ],
    'tells another order where nothing else is different': [table({ columns: [{ name: 'a' }, { name: 'b' }] }), table({ columns: [{ name: 'b' }, { name: 'a' }] }), 'columns in another order'],
    'tells no order where one is new': [table({ columns: [{ name: 'a' }, { name: 'b' }] }), table({ columns: [{ name: 'c' }, { name: 'b' }, { name: 'a' }] }), 'column "c" is new'],
    'tells that values are other ones, of which only a hash is kept': [{ kind: 'execute', sql: 'x', parameters: '1f' }, { kind: 'execute', sql: 'x', parameters: '2e' }, 'other parameters'],
    'tells that rows are other ones': [{ kind: 'insert', table: 't', rows: 1, content: '1f' }, { kind: 'insert', table: 't', rows: 1, content: '2e' }, 'other rows'],
    'tells a column that is called content by its change': [table({ columns: [{ name: 'a', content: 1 }] }), table({ columns: [{ name: 'a', content: 2 }] }), 'column "a" content 2 was 1'],
    'tells a text of up to 120 characters': [...of('x', long('a').slice(0, 118)), `sql "${long('a').slice(0, 118)}" was "x"`],
    'cuts a longer one': [...of('x', long('a').slice(0, 119)), `sql "${long('a').slice(0, 118)}… was "x"`],
    'tells the operations of a batch': [
      { kind: 'batch', table: 't', operations: [{ kind: 'dropColumn', table: 't', column: 'a' }, index('i', {})] }, { kind: 'batch', table: 't', operations: [{ kind: 'dropColumn', table: 't', column: 'a' }, index('i', { unique: true })] },
      'operation 2: createIndex i on t: unique true was false',
    ],
  }
  it.each(Object.entries(cases))('%s', (_, [before, now, told]) => {
    expect(differencesOf([before], [now])).toEqual([`operation 1: ${summarizeDescription(now)}: ${told}`])
  })
})

/** By trying every part of the one list. */
function longestCommon(some: readonly string[], others: readonly string[]): number {
  const parts = Array.from({ length: 2 ** some.length }, (_, mask) => some.filter((_item, at) => Math.floor(mask / 2 ** at) % 2 === 1))
  const isPart = (part: readonly string[]): boolean => {
    let at = 0
    for (const item of others) if (item === part[at]) at += 1
    return at === part.length
  }
  return Math.max(...parts.filter(isPart).map((part) => part.length))
}
