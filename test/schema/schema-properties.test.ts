/** A schema is equal to itself, whichever way it came into a database: no comparison of it may find anything. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildSchema } from '../../src/migrate/build-schema.ts'
import { copySchema } from '../../src/migrate/copy-schema.ts'
import { compareSchemas } from '../../src/schema/compare-schemas.ts'
import { type LiveSchema, introspect } from '../../src/schema/introspect.ts'
import { liveDefinition } from '../../src/schema/live-definition.ts'
import { type Schema, defaultNaming } from '../../src/schema/table.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { engineNamed } from '../support/engines.ts'
import { anySchema } from './any-schema.ts'

const same = { differences: [], notComparable: [] }

// The last: a server, judged by databases inside the process.
describe.each([['sqljs memory', 'sqljs memory', 60], ['pglite memory', 'pglite memory', 5], ['postgres', 'pglite memory', 5]] as const)('any declared schema on %s and %s', (name, shadows, numRuns) => {
  it('is equal to itself built elsewhere, read back and made again, and copied', async () => {
    await fc.assert(
      fc.asyncProperty(anySchema, async (schema) => {
        const open = (): Promise<Storage> => engineNamed(shadows).open()
        await using one = await engineNamed(name).open()
        await using other = await open()
        await using again = await open()
        await using copy = await open()
        await buildSchema(one, schema)
        await buildSchema(other, schema)
        const live = await introspect(one)
        await buildSchema(again, definitionsOf(live))
        expect(await copySchema(one, copy)).toEqual([])
        for (const twin of [other, again, copy]) {
          const twinSchema = await introspect(twin)
          expect(await compareSchemas(live, twinSchema, { shadow: other })).toEqual(same)
          expect(await compareSchemas(twinSchema, live)).toEqual(same)
        }
      }),
      { numRuns },
    )
  })
})

function definitionsOf(live: LiveSchema): Schema {
  return { tables: new Map([...live.tables].map(([name, table]) => [name, liveDefinition(table)])), naming: defaultNaming }
}
