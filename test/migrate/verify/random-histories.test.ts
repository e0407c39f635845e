/** Histories at random of changes with a true way back: none may be called broken, on either engine. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Op } from '../../../src/migrate/op.ts'
import { defineRevision, type Revision } from '../../../src/migrate/revision.ts'
import { verifyRevisions } from '../../../src/migrate/verify/verify-revisions.ts'
import { c } from '../../../src/schema/column.ts'
import { engineNamed } from '../../support/engines.ts'

interface Step {
  readonly upgrade: (op: Op) => Promise<void>
  readonly downgrade: (op: Op) => Promise<void>
  /** Why the way back loses data. */
  readonly lossy?: string
  readonly after: Model
}

interface Column {
  readonly kind: keyof typeof builders
  readonly nullable: boolean
}

/** Columns by name, by table; `id` is always there. Indexes by name. */
interface Model {
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Column>>
  readonly indexes: ReadonlyMap<string, { readonly table: string; readonly column: string }>
}

const builders = { integer: c.integer, bigint: c.bigint, text: c.text, boolean: c.boolean, instant: c.instant, date: c.date, json: c.json, real: c.real, uuid: c.uuid, bytes: c.bytes }
const built = ({ kind, nullable }: Column) => (nullable ? builders[kind]() : builders[kind]().notNull())

const kind = fc.constantFrom(...(Object.keys(builders) as (keyof typeof builders)[]))
const choice = fc.record({
  what: fc.constantFrom('create', 'create child', 'add', 'add', 'drop', 'drop table', 'index', 'drop index', 'rename column', 'rename table', 'nullable', 'widen', 'unique', 'check'),
  table: fc.nat(), column: fc.nat(), kind, nullable: fc.boolean(),
})

it('random histories of reversible changes are lossless, or lossy where columns or tables with rows go', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(choice, fc.array(choice, { minLength: 2, maxLength: 8 }), async (first, rest) => {
      const choices = [{ ...first, what: 'create' as const }, ...rest]
      let model: Model = { tables: new Map(), indexes: new Map() }
      const revisions: Revision[] = []
      for (const [position, made] of choices.entries()) {
        const step = stepFor(made, model, position)
        if (step === undefined) continue
        const [below] = revisions.slice(-1)
        revisions.push(defineRevision({ id: `r${position}`, down: below ? [below.id] : [], message: made.what, createdAt: '2026-11-28T18:00:00Z', upgrade: step.upgrade, downgrade: step.downgrade, lossy: step.lossy }))
        model = step.after
      }
      const report = await verifyRevisions({ revisions, shadows: { sqlite: () => engineNamed('sqljs memory').open(), postgres: () => engineNamed('pglite memory').open() } })
      const expected = revisions.map(({ id, lossy }) => [id, lossy === undefined ? 'lossless' : 'lossy'])
      for (const engine of ['sqlite', 'postgres'] as const) {
        const got = report.revisions.filter((item) => item.engine === engine)
        expect(got.map(({ id, verdict }) => [id, verdict]), JSON.stringify(got, null, 1)).toEqual(expected)
        // A loss that is declared is also seen.
        for (const { verdict, details } of got) if (verdict === 'lossy') expect(details.join('\n')).toContain('The way back loses')
      }
      expect(report.ends.map(({ details }) => details)).toEqual([[]])
    }),
    { numRuns: 15 },
  )
})

type Choice = typeof choice extends fc.Arbitrary<infer T> ? T : never

function stepFor(made: Choice, model: Model, position: number): Step | undefined {
  const { tables, indexes } = model
  const table = [...tables.keys()][made.table % Math.max(1, tables.size)]
  const columns = table === undefined ? undefined : tables.get(table)
  const name = columns && [...columns.keys()][made.column % Math.max(1, columns.size)]
  const column = name === undefined ? undefined : columns?.get(name)
  const fresh = `n${position}`
  const changed = (of: string, now: ReadonlyMap<string, Column>): ReadonlyMap<string, ReadonlyMap<string, Column>> => new Map(tables).set(of, now)
  const hasIndex = name !== undefined && [...indexes.values()].some((index) => index.table === table && index.column === name)
  switch (made.what) {
    case 'create':
      return {
        upgrade: (op) => op.createTable(fresh, { id: c.integer().primaryKey(), a: c.text().notNull(), b: built(made) }),
        downgrade: (op) => op.dropTable(fresh),
        after: { tables: changed(fresh, new Map<string, Column>([['a', { kind: 'text', nullable: false }], ['b', made]])), indexes },
      }
    case 'create child':
      if (table === undefined) return undefined
      return {
        upgrade: (op) => op.createTable(fresh, { id: c.integer().primaryKey(), parent: c.integer().notNull().references(table, 'id'), v: built(made) }),
        downgrade: (op) => op.dropTable(fresh),
        // Neither is dropped or renamed later: what refers is not kept in the model.
        after: { tables: changed(fresh, new Map([['v', made]])), indexes: new Map(indexes).set(`guard ${fresh}`, { table, column: '' }).set(`guard of ${fresh}`, { table: fresh, column: '' }) },
      }
    case 'add':
      if (table === undefined || columns === undefined) return undefined
      return { upgrade: (op) => op.addColumn(table, fresh, builders[made.kind]()), downgrade: (op) => op.dropColumn(table, fresh), after: { tables: changed(table, new Map(columns).set(fresh, { kind: made.kind, nullable: true })), indexes } }
    case 'drop':
      if (table === undefined || columns === undefined || name === undefined || column?.nullable !== true || hasIndex) return undefined
      return {
        upgrade: (op) => op.dropColumn(table, name), downgrade: (op) => op.addColumn(table, name, built(column)), lossy: 'a column goes',
        after: { tables: changed(table, new Map([...columns].filter(([other]) => other !== name))), indexes },
      }
    case 'drop table': {
      if (table === undefined || columns === undefined || [...indexes.values()].some((index) => index.table === table)) return undefined
      const all = Object.fromEntries([...columns].map(([other, definition]) => [other, built(definition)]))
      return {
        upgrade: (op) => op.dropTable(table), downgrade: (op) => op.createTable(table, { id: c.integer().primaryKey(), ...all }), lossy: 'a table goes',
        after: { tables: new Map([...tables].filter(([other]) => other !== table)), indexes },
      }
    }
    case 'index':
      if (table === undefined || name === undefined || column?.kind === 'json' || hasIndex) return undefined
      return { upgrade: (op) => op.createIndex(`ix${fresh}`, table, [name, { column: 'id', order: 'desc' }]), downgrade: (op) => op.dropIndex(`ix${fresh}`, table), after: { tables, indexes: new Map(indexes).set(`ix${fresh}`, { table, column: name }) } }
    case 'drop index': {
      const found = [...indexes].find(([index]) => index.startsWith('ix'))
      if (found === undefined) return undefined
      const [index, on] = found
      return { upgrade: (op) => op.dropIndex(index, on.table), downgrade: (op) => op.createIndex(index, on.table, [on.column, { column: 'id', order: 'desc' }]), after: { tables, indexes: new Map([...indexes].filter(([other]) => other !== index)) } }
    }
    case 'rename column':
      if (table === undefined || columns === undefined || name === undefined || column === undefined || hasIndex) return undefined
      return {
        upgrade: (op) => op.alterColumn(table, name, { name: fresh }), downgrade: (op) => op.alterColumn(table, fresh, { name }),
        after: { tables: changed(table, new Map([...columns].map(([other, definition]) => [other === name ? fresh : other, definition]))), indexes },
      }
    case 'rename table':
      if (table === undefined || [...indexes.values()].some((index) => index.table === table)) return undefined
      return { upgrade: (op) => op.renameTable(table, fresh), downgrade: (op) => op.renameTable(fresh, table), after: { tables: new Map([...tables].map(([other, definition]) => [other === table ? fresh : other, definition])), indexes } }
    case 'nullable':
      if (table === undefined || columns === undefined || name === undefined || column === undefined) return undefined
      return {
        upgrade: (op) => op.alterColumn(table, name, { nullable: !column.nullable }), downgrade: (op) => op.alterColumn(table, name, { nullable: column.nullable }),
        after: { tables: changed(table, new Map(columns).set(name, { ...column, nullable: !column.nullable })), indexes },
      }
    case 'widen':
      if (table === undefined || columns === undefined || name === undefined || column?.kind !== 'integer') return undefined
      return {
        upgrade: (op) => op.alterColumn(table, name, { type: c.bigint() }), downgrade: (op) => op.alterColumn(table, name, { type: c.integer() }),
        after: { tables: changed(table, new Map(columns).set(name, { ...column, kind: 'bigint' })), indexes },
      }
    case 'unique':
      if (table === undefined || name === undefined || column?.kind === 'json') return undefined
      return { upgrade: (op) => op.createUnique(`uq${fresh}`, table, [name, 'id']), downgrade: (op) => op.dropConstraint(`uq${fresh}`, table), after: { tables, indexes: new Map(indexes).set(`guard ${fresh}`, { table, column: name }) } }
    case 'check':
      if (table === undefined || name === undefined || column === undefined) return undefined
      return { upgrade: (op) => op.createCheck(`ck${fresh}`, table, `"${name}" is not null or id < 0`), downgrade: (op) => op.dropConstraint(`ck${fresh}`, table), after: { tables, indexes: new Map(indexes).set(`guard ${fresh}`, { table, column: name }) } }
    default:
      throw new TypeError(made.what)
  }
}
