/** What is said of the cost of a change without asking an engine, held against what this engine does. */
import { expect, it } from 'vitest'
import { collectOperations } from '../../../src/migrate/collect-operations.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import { defaultNaming } from '../../../src/schema/table.ts'
import { applySqlite, rebuildNeed } from '../../../src/storage/sqlite/ddl-plan.ts'
import { engineNamed } from '../../support/engines.ts'

const changes: readonly { readonly name: string; readonly need: 'always' | 'perhaps' | 'never'; readonly change: (op: Op) => Promise<void> }[] = [
  { name: 'a column', need: 'never', change: (op) => op.addColumn('t', 'x', c.text()) },
  { name: 'a column with a default', need: 'never', change: (op) => op.addColumn('t', 'x', c.text().notNull().default('y')) },
  { name: 'a column that refers', need: 'never', change: (op) => op.addColumn('t', 'x', c.integer().references('t', 'id')) },
  { name: 'a virtual generated column', need: 'never', change: (op) => op.addColumn('t', 'x', c.integer().generated('id + 1', { stored: false })) },
  { name: 'an index', need: 'never', change: (op) => op.createIndex('ix', 't', ['a']) },
  { name: 'another name', need: 'never', change: (op) => op.alterColumn('t', 'a', { name: 'b' }) },
  { name: 'a comment', need: 'never', change: (op) => op.setColumnComment('t', 'a', 'x') },
  { name: 'a unique column', need: 'always', change: (op) => op.addColumn('t', 'x', c.text().unique()) },
  { name: 'a column with the time', need: 'always', change: (op) => op.addColumn('t', 'x', c.instant().notNull().defaultNow()) },
  { name: 'a stored generated column', need: 'always', change: (op) => op.addColumn('t', 'x', c.integer().generated('id + 1')) },
  { name: 'another type', need: 'always', change: (op) => op.alterColumn('t', 'a', { type: c.integer() }) },
  { name: 'another type and name', need: 'always', change: (op) => op.alterColumn('t', 'a', { type: c.integer(), name: 'b' }) },
  { name: 'another default', need: 'always', change: (op) => op.alterColumn('t', 'a', { default: 'x' }) },
  { name: 'a unique key', need: 'always', change: (op) => op.createUnique('uq', 't', ['a']) },
  { name: 'a foreign key', need: 'always', change: (op) => op.createForeignKey('fk', 't', ['id'], { table: 't', columns: ['id'] }) },
  { name: 'NOT NULL', need: 'perhaps', change: (op) => op.alterColumn('t', 'a', { nullable: false }) },
  { name: 'a check', need: 'perhaps', change: (op) => op.createCheck('ck', 't', 'id > 0') },
  { name: 'a dropped column', need: 'perhaps', change: (op) => op.dropColumn('t', 'a') },
  { name: 'a dropped constraint', need: 'perhaps', change: (op) => op.dropConstraint('ck_old', 't') },
]

it.each(changes)('$name costs a rebuild: $need', async ({ need, change }) => {
  const revision = defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', upgrade: change, downgrade: async () => undefined })
  const [operation] = (await collectOperations(revision, 'upgrade', { dialect: 'sqlite', naming: defaultNaming })).operations
  if (operation === undefined || !('table' in operation) || operation.kind === 'createTable' || operation.kind === 'dropTable' || operation.kind === 'batch' || operation.kind === 'insert' || operation.kind === 'updateInBatches') throw new Error('no change of a table')
  expect(rebuildNeed(operation)).toBe(need)
  await using storage = await engineNamed('sqljs memory').open()
  await storage.query({ sql: `create table t (id integer primary key, a text, constraint ck_old check (id < 100))` })
  const grade = await storage.transaction((tx) => applySqlite(tx, operation, () => undefined), { foreignKeys: 'suspended' })
  if (need !== 'perhaps') expect(grade === 'rebuild').toBe(need === 'always')
})
