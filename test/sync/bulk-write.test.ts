import { afterEach, describe, expect, it } from 'vitest'
import { openTidemark } from '../../src/mod.ts'
import type { TidemarkDatabase } from '../../src/model/schema.ts'
import { kyselyFor } from '../../src/storage/kysely.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { createBulkWriter } from '../../src/sync/bulk-write.ts'
import { engines } from '../support/engines.ts'
import { silentLogger } from '../support/simulated-account.ts'

const opened: Storage[] = []
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close()
})

describe.each(engines.filter(({ name }) => ['sqljs memory', 'sqljs file', 'pglite memory', 'postgres'].includes(name)))('rows in bulk on $name', (engine) => {
  it('may have long texts, which arrive as text: JSON among them as what it means', async () => {
    const storage = await engine.open()
    opened.push(storage)
    await openTidemark({ storage, customerId: 1, logger: silentLogger })
    const bulk = createBulkWriter(kyselyFor<TidemarkDatabase>(storage, storage.dialect), storage.dialect)
    // More than one block of each size.
    const content = Array.from({ length: 101 }, (_, index) => ({ title: `Größe ${index} 🐛 "quoted" \\ \n`, steps: 'x'.repeat(index * 50) }))
    const rows = content.map((body, index) => ({
      customer_id: 1, entity: 'bug' as const, entity_id: index + 1, hash: `${index}`, fetched_at: '2026-01-01T00:00:00.000Z', body: JSON.stringify(body),
    }))
    for (let time = 0; time < 2; time += 1) {
      await storage.transaction((tx) => bulk.write(tx, 'payloads', rows, { keys: ['customer_id', 'entity', 'entity_id'], onConflict: 'update', longTexts: ['body'] }))
    }
    const { rows: stored } = await storage.query<{ readonly body: unknown }>({ sql: 'select body from payloads order by entity_id' })
    expect(stored.map((row) => row.body)).toEqual(content)
    if (storage.dialect === 'sqlite') expect((await storage.query({ sql: 'select distinct typeof(body) as type from payloads' })).rows).toEqual([{ type: 'text' }])
  })
})
