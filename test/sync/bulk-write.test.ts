import { afterEach, describe, expect, it } from 'vitest'
import { openTidemark } from '../../src/mod.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { bulkWrite } from '../../src/sync/bulk-write.ts'
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
    // More than one block of each size.
    const content = Array.from({ length: 101 }, (_, index) => ({ title: `Größe ${index} 🐛 "quoted" \\ \n`, steps: 'x'.repeat(index * 50) }))
    const rows = content.map((body, index) => ({
      customer_id: 1, entity: 'bug' as const, entity_id: index + 1, hash: `${index}`, fetched_at: '2026-01-01T00:00:00.000Z', body: JSON.stringify(body),
    }))
    for (let time = 0; time < 2; time += 1) {
      await storage.transaction((tx) => bulkWrite(tx, 'payloads', rows, { keys: ['customer_id', 'entity', 'entity_id'], onConflict: 'update', longTexts: ['body'], jsonTexts: ['body'] }))
    }
    const { rows: stored } = await storage.query<{ readonly body: unknown }>({ sql: 'select body from payloads order by entity_id' })
    expect(stored.map((row) => row.body)).toEqual(content)
    if (storage.dialect === 'sqlite') expect((await storage.query({ sql: 'select distinct typeof(body) as type from payloads' })).rows).toEqual([{ type: 'text' }])
  })

  it('may repeat a key: the last row counts when rows are updated, the first one when they are left alone', async () => {
    const storage = await engine.open()
    opened.push(storage)
    await openTidemark({ storage, customerId: 1, logger: silentLogger })
    const named = (name: string, count: number) => Array.from({ length: count }, (_, index) => ({ customer_id: 1, key: `reason ${index}`, name: `${name} ${index}`, default_comment: '' }))
    // More than goes into one statement of any engine.
    const rows = [...named('first', 1100), ...named('last', 1100)]
    const stored = async (): Promise<unknown> => (await storage.query({ sql: 'select count(*) as count, min(name) as one, max(name) as other from reject_reasons' })).rows
    await storage.transaction((tx) => bulkWrite(tx, 'reject_reasons', rows, { onConflict: 'ignore' }))
    expect(await stored()).toEqual([{ count: 1100, one: 'first 0', other: 'first 999' }])
    await storage.transaction((tx) => bulkWrite(tx, 'reject_reasons', rows, { onConflict: 'update', keys: ['customer_id', 'key'] }))
    expect(await stored()).toEqual([{ count: 1100, one: 'last 0', other: 'last 999' }])
  })
})
