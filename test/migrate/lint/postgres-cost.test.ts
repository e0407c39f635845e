/**
 * The rules about locks, held against PostgreSQL itself: each operation runs in a transaction that is rolled back, and what
 * it locked, wrote anew and read as a whole is asked of the server.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isTidemarkError } from '../../../src/errors.ts'
import { collectOperations } from '../../../src/migrate/collect-operations.ts'
import { lintRevision } from '../../../src/migrate/lint/lint-revisions.ts'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision } from '../../../src/migrate/revision.ts'
import { c } from '../../../src/schema/column.ts'
import { defaultNaming } from '../../../src/schema/table.ts'
import { postgresStatements } from '../../../src/storage/postgres/ddl.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'

interface Cost {
  readonly rewritten: readonly string[]
  readonly read: readonly string[]
  /** Whether others can still read and write `t` meanwhile. */
  readonly others: 'read and write' | 'read' | 'wait'
}

const free: Cost = { rewritten: [], read: [], others: 'read and write' }
const brief: Cost = { ...free, others: 'wait' }
const rewrite: Cost = { rewritten: ['t'], read: ['t'], others: 'wait' }
const scan: Cost = { ...brief, read: ['t'] }

const costRules = ['table-rewrite', 'index-not-concurrent', 'foreign-key-validates', 'check-validates', 'set-not-null-scans']
const operations: readonly { readonly name: string; readonly upgrade: (op: Op) => Promise<void>; readonly cost: Cost; readonly rules: readonly string[] }[] = [
  { name: 'a nullable column', upgrade: (op) => op.addColumn('t', 'n', c.integer()), cost: brief, rules: [] },
  { name: 'a column with a default', upgrade: (op) => op.addColumn('t', 'n', c.integer().notNull().default(3)), cost: brief, rules: [] },
  { name: 'a column with the time', upgrade: (op) => op.addColumn('t', 'n', c.instant().notNull().defaultNow()), cost: brief, rules: [] },
  { name: 'a column with a value of its own for each row', upgrade: (op) => op.addColumn('t', 'n', c.uuid().defaultSql('gen_random_uuid()')), cost: rewrite, rules: ['table-rewrite'] },
  { name: 'a stored generated column', upgrade: (op) => op.addColumn('t', 'n', c.integer().generated('a * 2')), cost: rewrite, rules: ['table-rewrite'] },
  { name: 'a virtual generated column', upgrade: (op) => op.addColumn('t', 'n', c.integer().generated('a * 2', { stored: false })), cost: brief, rules: [] },
  { name: 'a unique column', upgrade: (op) => op.addColumn('t', 'n', c.integer().unique()), cost: scan, rules: ['index-not-concurrent'] },
  { name: 'a column of an enum without a name', upgrade: (op) => op.addColumn('t', 'n', c.enum(['x'])), cost: scan, rules: ['check-validates'] },
  { name: 'a column of an enum type', upgrade: (op) => op.addColumn('t', 'n', c.enum(['x'], { name: 'mood' }).notNull().default('x')), cost: brief, rules: [] },
  { name: 'a column that refers', upgrade: (op) => op.addColumn('t', 'n', c.integer().references('parent', 'id')), cost: scan, rules: ['foreign-key-validates'] },
  { name: 'a dropped column', upgrade: (op) => op.dropColumn('t', 'b'), cost: brief, rules: [] },
  { name: 'another name', upgrade: (op) => op.alterColumn('t', 'b', { name: 'bb' }), cost: brief, rules: [] },
  { name: 'a larger type', upgrade: (op) => op.alterColumn('t', 'a', { type: c.bigint() }), cost: rewrite, rules: ['table-rewrite'] },
  { name: 'a longer text', upgrade: (op) => op.alterColumn('t', 'v', { type: c.text() }), cost: brief, rules: [] },
  { name: 'a longer text that a check names', upgrade: (op) => op.alterColumn('t', 'b', { type: c.text() }), cost: scan, rules: ['check-validates'] },
  { name: 'a text as an enum without a name', upgrade: (op) => op.alterColumn('t', 'v', { type: c.enum(['x']) }), cost: scan, rules: ['check-validates'] },
  { name: 'NOT NULL', upgrade: (op) => op.alterColumn('t', 'a', { nullable: false }), cost: scan, rules: ['set-not-null-scans'] },
  { name: 'NOT NULL that a check proves', upgrade: (op) => op.alterColumn('t', 'b', { nullable: false }), cost: brief, rules: [] },
  { name: 'no NOT NULL any more', upgrade: (op) => op.alterColumn('t', 'u', { nullable: true }), cost: brief, rules: [] },
  { name: 'another default', upgrade: (op) => op.alterColumn('t', 'a', { default: 3 }), cost: brief, rules: [] },
  { name: 'an index', upgrade: (op) => op.createIndex('ix', 't', ['a']), cost: { ...free, read: ['t'], others: 'read' }, rules: ['index-not-concurrent'] },
  { name: 'a unique key', upgrade: (op) => op.createUnique('uq', 't', ['a']), cost: scan, rules: ['index-not-concurrent'] },
  { name: 'a check', upgrade: (op) => op.createCheck('ck', 't', 'a > 0'), cost: scan, rules: ['check-validates'] },
  { name: 'a foreign key', upgrade: (op) => op.createForeignKey('fk', 't', ['u'], { table: 'parent', columns: ['id'] }), cost: { ...free, read: ['parent', 't'], others: 'read' }, rules: ['foreign-key-validates'] },
  { name: 'a foreign key that is not valid yet', upgrade: (op) => op.createForeignKey('fk', 't', ['u'], { table: 'parent', columns: ['id'] }, { notValid: true }), cost: { ...free, others: 'read' }, rules: [] },
  { name: 'a comment', upgrade: (op) => op.setTableComment('t', 'x'), cost: free, rules: [] },
  { name: 'a value more of an enum', upgrade: (op) => op.alterEnum('mood', { add: 'z' }), cost: free, rules: [] },
]

describe.each(['pglite memory', 'postgres'])('on %s', (engine) => {
  let storage: Storage
  beforeAll(async () => {
    storage = await engineNamed(engine).open()
    for (const sql of [
      `create type mood as enum ('x')`,
      'create table parent (id integer primary key)',
      `create table t (id integer primary key, a integer, b varchar(10), v varchar(10), u integer not null)`,
      `insert into parent select g from generate_series(1, 12000) as g`,
      `insert into t select g, g, 'x', 'x', g from generate_series(1, 12000) as g`,
      'alter table t add constraint ck_b check (b is not null)',
      'analyze',
    ]) await storage.query({ sql })
  })
  afterAll(() => storage.close())

  it.each(operations)('$name costs what the rules say', async ({ upgrade, cost, rules }) => {
    const revision = defineRevision({ id: 'a1', down: [], message: 'x', createdAt: '2026-11-20T18:00:00Z', upgrade, downgrade: async () => undefined })
    expect(await measured(storage, revision)).toEqual(cost)
    const { findings } = await lintRevision(revision, { dialect: 'postgres', live: storage })
    expect(findings.map((finding) => finding.rule).filter((rule) => costRules.includes(rule))).toEqual(rules)
    expect(findings.filter((finding) => costRules.includes(finding.rule)).every((finding) => finding.severity === 'warning')).toBe(true)
  })
})

describe.each(['pglite memory', 'postgres'])('on %s PostgreSQL refuses', (engine) => {
  it.each([
    { name: 'a value of an enum in the transaction that adds it', statements: [`create type e as enum ('a')`, 'create table u (x e)', '-', `alter type e add value 'b'`, `insert into u values ('b')`], isRefused: true },
    { name: 'not one of a type that the transaction made', statements: ['-', `create type e as enum ('a')`, `alter type e add value 'b'`, 'create table u (x e)', `insert into u values ('b')`], isRefused: false },
    { name: 'an index that is built concurrently in a transaction', statements: ['create table u (x integer)', '-', 'create index concurrently ix on u (x)'], isRefused: true },
  ])('$name', async ({ statements, isRefused }) => {
    await using storage = await engineNamed(engine).open()
    const begin = statements.indexOf('-')
    for (const sql of statements.slice(0, begin)) await storage.query({ sql })
    const outcome = await storage.transaction(async (tx) => {
      for (const sql of statements.slice(begin + 1)) await tx.query({ sql })
    }).then(() => 'done', (error: unknown) => (isTidemarkError(error) ? error.code : error))
    expect(outcome).toBe(isRefused ? 'statement_failed' : 'done')
  })
})

async function measured(storage: Storage, revision: Parameters<typeof collectOperations>[0]): Promise<Cost> {
  const { operations: collected } = await collectOperations(revision, 'upgrade', { dialect: 'postgres', naming: defaultNaming })
  let cost: Cost | undefined
  const done = new Error('done')
  const run = storage.transaction(async (tx) => {
    const look = async (): Promise<ReadonlyMap<string, { readonly node: number; readonly scans: number }>> =>
      new Map((await tx.query<{ name: string; node: number; scans: number }>({ sql: 'select relname as name, pg_relation_filenode(relid)::integer as node, seq_scan::integer as scans from pg_stat_xact_user_tables' })).rows.map((row) => [row.name, row]))
    const before = await look()
    for (const statement of collected.flatMap(postgresStatements)) await tx.query(statement)
    const modes = new Set((await tx.query<{ mode: string }>({ sql: `select mode from pg_locks where pid = pg_backend_pid() and relation = 't'::regclass` })).rows.map((row) => row.mode))
    const after = await look()
    const changed = (field: 'node' | 'scans'): readonly string[] => [...after].filter(([name, row]) => before.get(name) !== undefined && before.get(name)?.[field] !== row[field]).map(([name]) => name).toSorted()
    const others = modes.has('AccessExclusiveLock') ? 'wait' : modes.has('ShareLock') || modes.has('ShareRowExclusiveLock') ? 'read' : 'read and write'
    cost = { rewritten: changed('node'), read: changed('scans'), others }
    throw done
  })
  await run.catch((error: unknown) => {
    if (error !== done) throw error
  })
  if (cost === undefined) throw new Error('nothing was measured')
  return cost
}
