/**
 * From any schema to any other and back: on both engines the plan runs and leaves no difference in either direction, and
 * its source code does the same.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyOperation } from '../../../src/migrate/apply-operation.ts'
import { planChanges } from '../../../src/migrate/autogenerate/plan-changes.ts'
import { renderRevision } from '../../../src/migrate/autogenerate/render-revision.ts'
import { reverseDifferences } from '../../../src/migrate/autogenerate/reverse-differences.ts'
import { schemaOperations } from '../../../src/migrate/build-schema.ts'
import type { Operation } from '../../../src/migrate/operation.ts'
import { compareSchemas } from '../../../src/schema/compare-schemas.ts'
import { introspect } from '../../../src/schema/introspect.ts'
import { liveDefinition } from '../../../src/schema/live-definition.ts'
import { type Schema, defaultNaming as naming } from '../../../src/schema/table.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { engineNamed } from '../../support/engines.ts'
import { evaluateRevision, operationsOf } from './evaluate-revision.ts'
import { randomSchema } from './random-schema.ts'

for (const { engine, runs } of [{ engine: 'sqljs memory', runs: 40 }, { engine: 'pglite memory', runs: 15 }]) {
  it(`a plan leads from any schema to any other and back on ${engine}`, { timeout: 300_000 }, async () => {
    await using live = await engineNamed(engine).open()
    await using other = await engineNamed(engine).open()
    await fc.assert(
      fc.asyncProperty(randomSchema, randomSchema, async (first, second) => {
        await build(live, first)
        await build(other, second)
        const [from, to] = [await introspect(live), await introspect(other)]
        const { differences } = await compareSchemas(from, to)
        const before = new Map([...from.tables].map(([name, table]) => [name, liveDefinition(table)]))
        const { dialect } = live
        const up = planChanges({ dialect, differences, before, after: second.tables, naming })
        await apply(live, up.operations)
        expect((await compareSchemas(await introspect(live), to)).differences).toEqual([])
        const down = planChanges({ dialect, differences: reverseDifferences(differences), before: second.tables, after: before, naming, fill: 'blank' })
        await apply(live, down.operations)
        const code = renderRevision({ id: 'a1', down: [], message: 'any', createdAt: '2026-11-20T18:00:00Z', upgrade: up.operations, downgrade: down.operations, notices: up.notices })
        expect(await operationsOf(evaluateRevision(code), 'upgrade')).toEqual(up.operations)
        expect(await operationsOf(evaluateRevision(code), 'downgrade')).toEqual(down.operations)
        expect((await compareSchemas(await introspect(live), from)).differences).toEqual([])
      }),
      { numRuns: runs },
    )
  })
}

async function build(storage: Storage, schema: Schema): Promise<void> {
  const { tables, enums } = await introspect(storage)
  await storage.transaction(
    async (tx) => {
      const cascade = tx.dialect === 'postgres' ? ' cascade' : ''
      for (const name of tables.keys()) await tx.query({ sql: `drop table "${name}"${cascade}` })
      for (const name of enums.keys()) await tx.query({ sql: `drop type "${name}"` })
    },
    { foreignKeys: 'suspended' },
  )
  await apply(storage, schemaOperations(schema))
}

function apply(storage: Storage, operations: readonly Operation[]): Promise<void> {
  return storage.transaction(
    async (tx) => {
      for (const operation of operations) await applyOperation(tx, operation, () => undefined)
    },
    { foreignKeys: 'suspended' },
  )
}
