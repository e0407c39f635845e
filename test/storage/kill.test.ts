import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { freshFolder } from '../support/engines.ts'
import { startWriter } from '../support/writer-process.ts'

describe.each([
  { engine: 'sqljs', open: (path: string) => sqljs({ file: path }) },
] as const)('a database on disk with $engine', ({ engine, open }) => {
  it('has every commit whole after the process was killed', { timeout: 180_000 }, async () => {
    const path = join(await freshFolder(), 'database')
    const writer = startWriter(engine, path)
    await writer.commits(20)
    const committed = await writer.kill()

    await using storage = await open(path)
    const count = async (): Promise<number> => (await storage.query<{ n: number }>({ sql: 'select count(*) as n from notes' })).rows[0]?.n ?? -1
    const kept = await count()
    // The commit that was under way may have made it, but then as a whole.
    expect(kept % 2).toBe(0)
    expect(kept / 2).toBeGreaterThanOrEqual(committed)
    await storage.query({ sql: `insert into notes (title) values ('after')` })
    expect(await count()).toBe(kept + 1)
  })
})
