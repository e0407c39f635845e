/** Whether a check of another name already says what an enum says is seen when the check of the enum is left out. */
import { expect, it } from 'vitest'
import { withoutRetypedEnumChecks } from '../../../src/migrate/autogenerate/retyped-enums.ts'
import { c } from '../../../src/schema/column.ts'
import type { ColumnAspect, SchemaDifference } from '../../../src/schema/difference.ts'
import type { LiveColumn, LiveSchema } from '../../../src/schema/introspect.ts'
import { normalizeTable } from '../../../src/schema/table.ts'

const column: LiveColumn = { name: 'role', type: { kind: 'text' }, declaredType: 'text', nullable: true }
const changed = (name: string, ...aspects: readonly ColumnAspect[]): SchemaDifference => ({ kind: 'columnChanged', table: 'users', column: name, aspects, from: column, to: column })
const checks = [{ name: 'ck_users_role_enum', expression: "role in ('a')" }, { name: 'ck_users_other_enum', expression: "other in ('a')" }, { name: 'own', expression: 'id > 0' }]
const table = { name: 'users', columns: [column], uniques: [], indexes: [], checks, foreignKeys: [] }
const declared: LiveSchema = { dialect: 'sqlite', tables: new Map([['users', table], ['other', { ...table, name: 'other' }]]), enums: new Map() }
const after = new Map([['users', normalizeTable('users', { id: c.integer().primaryKey(), role: c.enum(['a']), other: c.enum(['a']), name: c.text() }, { checks: [{ name: 'own', expression: 'id > 0' }] })]])
const namesIn = (schema: LiveSchema | undefined, name: string): readonly (string | undefined)[] | undefined => schema?.tables.get(name)?.checks.map((check) => check.name)

it('the check of an enum that a column becomes is left out, and nothing else', () => {
  const without = withoutRetypedEnumChecks(declared, [changed('name', 'type'), changed('role', 'nullable', 'type')], after)
  expect(namesIn(without, 'users')).toEqual(['ck_users_other_enum', 'own'])
  expect(namesIn(without, 'other')).toEqual(checks.map(({ name }) => name))
  expect(namesIn(withoutRetypedEnumChecks(declared, [changed('role', 'type'), changed('other', 'type')], after), 'users')).toEqual(['own'])
})

it('there is nothing to leave out where no column becomes an enum', () => {
  for (const difference of [changed('role', 'nullable'), changed('name', 'type'), { kind: 'tableCommentChanged', table: 'users', from: 'x', to: 'y' } as const]) expect(withoutRetypedEnumChecks(declared, [difference], after)).toBeUndefined()
  expect(withoutRetypedEnumChecks(declared, [changed('role', 'type')], new Map())).toBeUndefined()
})
