/**
 * Same history, two dialects: any sequence of changes succeeds or fails on both engines alike, and leaves the same table
 * with the same rows. PostgreSQL, which alters tables by itself, is the referee of the rebuilds on SQLite.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isTidemarkError } from '../../src/errors.ts'
import { applyOperation } from '../../src/migrate/apply-operation.ts'
import { createOp, type Op } from '../../src/migrate/op.ts'
import { c } from '../../src/schema/column.ts'
import { introspect } from '../../src/schema/introspect.ts'
import { defaultNaming } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'

type Kind = 'integer' | 'bigint' | 'text'
type Change =
  | { readonly do: 'add'; readonly column: string; readonly kind: Kind; readonly form: 'nullable' | 'default' | 'bare not null' | 'unique' }
  | { readonly do: 'drop'; readonly column: string }
  | { readonly do: 'nullable'; readonly column: string; readonly nullable: boolean }
  | { readonly do: 'type'; readonly column: string; readonly kind: Kind }
  | { readonly do: 'rename'; readonly column: string; readonly to: string }
  | { readonly do: 'index' | 'unique' | 'check'; readonly name: string; readonly column: string }
  | { readonly do: 'dropIndex' | 'dropConstraint'; readonly name: string }

const column = fc.constantFrom('a', 'b', 'c', 'd')
const name = fc.constantFrom('x', 'y', 'z')
const kind = fc.constantFrom<Kind>('integer', 'bigint', 'text')
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), column, kind, form: fc.constantFrom('nullable' as const, 'default' as const, 'bare not null' as const, 'unique' as const) }),
  fc.record({ do: fc.constant('drop' as const), column }),
  fc.record({ do: fc.constant('nullable' as const), column, nullable: fc.boolean() }),
  fc.record({ do: fc.constant('type' as const), column, kind }),
  fc.record({ do: fc.constant('rename' as const), column, to: column }).filter((item) => item.column !== item.to),
  fc.record({ do: fc.constantFrom('index' as const, 'unique' as const, 'check' as const), name, column }),
  fc.record({ do: fc.constantFrom('dropIndex' as const, 'dropConstraint' as const), name }),
)

it('changes mean the same on SQLite and on PostgreSQL', { timeout: 120_000 }, async () => {
  await using sqlite = await engineNamed('sqljs memory').open()
  await using postgres = await engineNamed('postgres').open()
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ batched: fc.boolean(), changes: fc.array(change, { minLength: 1, maxLength: 3 }) }), { minLength: 1, maxLength: 5 }), async (steps) => {
      const table = `t${(run += 1)}`
      for (const storage of [sqlite, postgres]) expect(await outcome(storage, (op) => create(op, table))).toBe('done')
      try {
        for (const step of steps) {
          const outcomes = [await outcome(sqlite, (op) => apply(op, table, step)), await outcome(postgres, (op) => apply(op, table, step))]
          // A batch is one change on SQLite: what its steps would break only between them, PostgreSQL alone refuses.
          if (step.batched && outcomes.join() === 'done,refused') return
          expect(outcomes[0]).toBe(outcomes[1])
          expect(await state(sqlite, table)).toEqual(await state(postgres, table))
        }
      } finally {
        for (const storage of [sqlite, postgres]) expect(await outcome(storage, (op) => drop(op, table))).toBe('done')
      }
    }),
    { numRuns: 40 },
  )
})

it('a day becomes a moment and a moment its day, and so do defaults that nothing is said of, on both', async () => {
  const read = async (engine: string): Promise<unknown> => {
    await using storage = await engineNamed(engine).open()
    const act = async (change: (op: Op) => Promise<void>): Promise<void> => expect(await outcome(storage, change)).toBe('done')
    await act(async (op) => {
      await op.createTable('t', {
        id: c.integer().primaryKey(), day: c.date().notNull().default('2026-02-28'), today: c.date().notNull().defaultNow(), moment: c.instant().notNull().default('2026-02-28T23:59:59.999Z'), now: c.instant().notNull().defaultNow(),
      })
      await op.insert('t', [{ id: 1, day: '1999-12-31', moment: '1999-12-31T23:00:00.000Z' }])
      await op.alterColumn('t', 'day', { type: c.instant() })
      await op.batch('t', async (t) => { await t.alterColumn('today', { type: c.instant() }); await t.alterColumn('moment', { type: c.date() }); await t.alterColumn('now', { type: c.date() }) })
      await op.insert('t', [{ id: 2 }])
    })
    const { rows } = await storage.query<{ today: string; now: string }>({ sql: `select day, today, moment, now from t order by id` })
    const midnight = rows.map(({ today, now }) => [today.slice(10), now.length])
    return { midnight, rows: rows.map((row) => ({ ...row, today: 0, now: 0 })), later: (await storage.query({ sql: `select id from t where day > '2026-02-27T12:00:00.000Z' and day < '2026-02-28T12:00:00.000Z'` })).rows }
  }
  expect(await read('sqljs memory')).toEqual(await read('postgres'))
  expect(await read('sqljs memory')).toEqual({
    midnight: [['T00:00:00.000Z', 10], ['T00:00:00.000Z', 10]],
    rows: [{ day: '1999-12-31T00:00:00.000Z', today: 0, moment: '1999-12-31', now: 0 }, { day: '2026-02-28T00:00:00.000Z', today: 0, moment: '2026-02-28', now: 0 }],
    later: [{ id: 2 }],
  })
})

async function create(op: Op, table: string): Promise<void> {
  await op.createTable(table, { id: c.integer().primaryKey(), a: c.text(), b: c.integer().notNull() }, { indexes: [{ columns: ['b', 'a'] }] })
  await op.createTable(`${table}_child`, { id: c.integer().primaryKey(), parent: c.integer().references(table, 'id', { onDelete: 'cascade' }) })
  await op.insert(table, [{ id: 1, a: '10', b: 5 }, { id: 2, a: 'word', b: 5 }, { id: 3, a: null, b: 7 }])
  await op.insert(`${table}_child`, [{ id: 1, parent: 1 }, { id: 2, parent: 3 }])
}

async function drop(op: Op, table: string): Promise<void> {
  await op.dropTable(`${table}_child`)
  await op.dropTable(table)
}

async function apply(op: Op, table: string, { batched, changes }: { readonly batched: boolean; readonly changes: readonly Change[] }): Promise<void> {
  const all = async (run: (work: (t: Parameters<Parameters<Op['batch']>[1]>[0]) => Promise<void>) => Promise<void>): Promise<void> => {
    for (const item of changes) {
      await run(async (t) => {
        switch (item.do) {
          case 'add': {
            const builder = c[item.kind]()
            const value = item.kind === 'text' ? 'new' : 3
            const forms = { nullable: builder, default: (builder as ReturnType<typeof c.text>).notNull().default(value as never), 'bare not null': builder.notNull(), unique: builder.unique() }
            return t.addColumn(item.column, forms[item.form])
          }
          case 'drop':
            return t.dropColumn(item.column)
          case 'nullable':
            return t.alterColumn(item.column, { nullable: item.nullable })
          case 'type':
            return t.alterColumn(item.column, { type: c[item.kind](), default: null })
          case 'rename':
            return t.alterColumn(item.column, { name: item.to })
          case 'index':
            return t.createIndex(`${table}_ix_${item.name}`, [item.column, { column: 'id', order: 'desc' }], { where: 'id > 1' })
          case 'unique':
            return t.createUnique(`${table}_${item.name}`, ['id', item.column])
          case 'check':
            return t.createCheck(`${table}_${item.name}`, `"${item.column}" is not null`)
          case 'dropIndex':
            return t.dropIndex(`${table}_ix_${item.name}`)
          case 'dropConstraint':
            return t.dropConstraint(`${table}_${item.name}`)
          default:
            throw new TypeError(String(item satisfies never))
        }
      })
    }
  }
  if (batched) await op.batch(table, (t) => all((work) => work(t)))
  else await all((work) => op.batch(table, work))
}

async function outcome(storage: Storage, revision: (op: Op) => Promise<void>): Promise<'done' | 'refused'> {
  try {
    await storage.transaction(async (tx) => {
      const { op, finish } = createOp({
        dialect: tx.dialect, offline: false, naming: defaultNaming,
        apply: async (operation) => void (await applyOperation(tx, operation, () => undefined)),
        query: (statement) => tx.query(statement),
      })
      await revision(op)
      await finish()
    }, { foreignKeys: 'suspended' })
    return 'done'
  } catch (error) {
    if (isTidemarkError(error)) return 'refused'
    throw error
  }
}

async function state(storage: Storage, name: string): Promise<unknown> {
  const table = (await introspect(storage)).tables.get(name)
  const names = (items: readonly { readonly name?: string | undefined }[]): unknown[] => items.map((item) => item.name).toSorted((a, b) => String(a).localeCompare(String(b)))
  return {
    columns: table?.columns.map((item) => [item.name, item.type.kind, item.nullable]),
    key: table?.primaryKey,
    uniques: names(table?.uniques ?? []),
    checks: names(table?.checks ?? []),
    indexes: table?.indexes.map((index) => [index.name, index.columns]),
    rows: (await storage.query({ sql: `select * from ${name} order by id` })).rows,
    children: (await storage.query({ sql: `select * from ${name}_child order by id` })).rows,
  }
}
