/** Which table gets rows before which, and what keys of SQLite refer to whatever the case they are written in. */
import { describe, expect, it } from 'vitest'
import { parentsFirst, withExactNames } from '../../../src/migrate/verify/table-order.ts'
import type { LiveForeignKey, LiveTable } from '../../../src/schema/introspect.ts'
import { foreignKey, liveColumn, liveTable } from './live-table.ts'

describe('tables in the order of their rows', () => {
  /** A table that refers to others: `!parent` by a column that takes no null. */
  const refersTo = (name: string, ...parents: readonly string[]): LiveTable => {
    const targets = parents.map((parent) => parent.replace('!', ''))
    return liveTable(name, [liveColumn('id', { nullable: false }), ...parents.map((parent, place) => liveColumn(`${targets[place]}_id`, { nullable: !parent.startsWith('!') }))], {
      foreignKeys: targets.map((target) => foreignKey([`${target}_id`], target)),
    })
  }
  const order = (...tables: readonly LiveTable[]): readonly string[] => parentsFirst(tables).map((table) => table.name)

  it('come after those that they refer to, and else as they were', () => {
    expect(order(refersTo('a', '!b'), refersTo('b', 'c'), refersTo('c'), refersTo('d'))).toEqual(['c', 'b', 'a', 'd'])
    expect(order(refersTo('b'), refersTo('a'))).toEqual(['b', 'a'])
    expect(order()).toEqual([])
  })

  it('do not wait for themselves, nor for a table that is not among them', () => {
    expect(order(refersTo('a', '!a'), refersTo('b', '!elsewhere'), refersTo('c'))).toEqual(['a', 'b', 'c'])
  })

  it('in a circle begin with one whose keys into it take null', () => {
    expect(order(refersTo('a', '!b'), refersTo('b', 'a'))).toEqual(['b', 'a'])
    expect(order(refersTo('a', 'b', '!c'), refersTo('b', 'a'), refersTo('c', '!a'))).toEqual(['b', 'a', 'c'])
    // One null is enough for a key of several columns to refer to nothing, and no other column counts.
    const pair = liveTable('a', [liveColumn('one', { nullable: false }), liveColumn('two')], { foreignKeys: [foreignKey(['one', 'two'], 'b', ['one', 'two'])] })
    const firm = liveTable('b', [liveColumn('one', { nullable: false }), liveColumn('note')], { foreignKeys: [foreignKey(['one'], 'a', ['one'])] })
    expect(order(firm, pair)).toEqual(['a', 'b'])
  })

  it('are all there even where no order is right', () => {
    expect(order(refersTo('a', '!b'), refersTo('b', '!c'), refersTo('c', '!a'), refersTo('d', '!a'))).toEqual(['a', 'c', 'b', 'd'])
  })
})

describe('names in foreign keys', () => {
  const keysOf = (tables: readonly LiveTable[], name: string): readonly LiveForeignKey[] | undefined =>
    withExactNames({ dialect: 'sqlite', tables: new Map(tables.map((table) => [table.name, table])), enums: new Map() }).find((table) => table.name === name)?.foreignKeys

  it('are what tables and columns are called', () => {
    const users = liveTable('Users', [liveColumn('Id'), liveColumn('Mail')])
    const posts = liveTable('posts', [liveColumn('Author'), liveColumn('mail')], { foreignKeys: [foreignKey(['AUTHOR', 'mail'], 'uSERS', ['iD', 'mail'])] })
    expect(keysOf([users, posts], 'posts')).toEqual([foreignKey(['Author', 'mail'], 'Users', ['Id', 'Mail'])])
  })

  it('are taken as they stand where something is called so, whatever else is called alike', () => {
    const tables = ['Users', 'users', 'USERS'].map((name) => liveTable(name, ['ID', 'id', 'Id'].map((column) => liveColumn(column)), { foreignKeys: [foreignKey(['id'], 'users', ['id'])] }))
    for (const { name } of tables) expect(keysOf(tables, name)).toEqual([foreignKey(['id'], 'users', ['id'])])
  })

  it('stay where there is nothing of the name', () => {
    const lost = liveTable('lost', [liveColumn('a')], { foreignKeys: [foreignKey(['b'], 'nowhere', ['ID'])] })
    expect(keysOf([lost], 'lost')).toEqual([foreignKey(['b'], 'nowhere', ['ID'])])
  })
})
