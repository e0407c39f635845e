/** The bytes of a database in memory: what was written is read, and sql.js uses them while it grows, shrinks and grows again. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryBytes } from '../../adapters/sqljs/memory-bytes.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { emptyDatabase, loadSqlJs, startEngine } from '../../adapters/sqljs/start.ts'
import type { Storage } from '../../src/storage/storage.ts'

const megabyte = 2 ** 20

describe('the bytes of a database in memory', () => {
  it('are what one long array would have, whatever is written and read across their blocks', () => {
    const place = fc.oneof(fc.nat({ max: 3 * megabyte }), fc.integer({ min: megabyte - 600, max: megabyte + 10 }))
    const write = fc.record({ at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }), times: fc.constantFrom(1, 1, 4000) })
    fc.assert(fc.property(fc.array(write, { maxLength: 12 }), fc.array(fc.tuple(place, fc.nat({ max: 2 * megabyte })), { maxLength: 6 }), (writes, reads) => {
      const [bytes, plain] = [new MemoryBytes(new Uint8Array(512)).slice(), new Uint8Array(8 * megabyte)]
      for (const { at, bytes: part, times } of writes) {
        const whole = new Uint8Array(part.length * times)
        for (let time = 0; time < times; time += 1) whole.set(part, time * part.length)
        bytes.set(whole, at)
        plain.set(whole, at)
      }
      for (const [from, length] of reads) if (Buffer.compare(bytes.subarray(from, from + length), plain.subarray(from, from + length)) !== 0) throw new Error(`${length} bytes at ${from} differ`)
    }), { numRuns: 50 })
  })

  it('are where sql.js reads and writes: no array of its own, and no copy by index, which would be zeros', async () => {
    const sqlJs = await loadSqlJs()
    const bytes = new MemoryBytes(emptyDatabase(sqlJs))
    const engine = startEngine(sqlJs, bytes)
    engine.execute('create table t (body)', [])
    engine.execute('insert into t values (zeroblob(100000))', [])
    // SQLite keeps the number of its pages there.
    const pageCount = new DataView(bytes.subarray(28, 32).slice().buffer).getUint32(0)
    expect(engine.execute('pragma page_count', []).rows).toEqual([{ page_count: pageCount }])
    expect(pageCount).toBeGreaterThan(24)
    engine.close()
    expect(() => startEngine(sqlJs, new Uint8Array(4096))).toThrow('not a database')
  })

  it.each([512, 4096, 65_536])('hold a database in pages of %i bytes that grows over many of them, shrinks, and grows again', async (pageSize) => {
    await using storage = await sqljs()
    await storage.query({ sql: `pragma page_size = ${pageSize}` })
    await storage.query({ sql: 'vacuum' })
    await storage.query({ sql: 'create table t (id integer primary key, body text)' })
    await fill(storage, 1)
    const grown = await pages(storage)
    expect(grown).toBeGreaterThan((4 * megabyte) / pageSize)
    await storage.query({ sql: 'delete from t where id % 100 <> 0' })
    await storage.query({ sql: 'vacuum' })
    expect(await pages(storage)).toBeLessThan(grown / 10)
    await fill(storage, 1_000_001)
    expect((await storage.query({ sql: 'pragma integrity_check' })).rows).toEqual([{ integrity_check: 'ok' }])
    const { rows } = await storage.query({ sql: `select count(*) as count, sum(id) as ids, count(distinct body) as bodies, min(length(body)) as shortest from t` })
    const first = 50 * 51 * 50
    const second = (5000 * (1_000_001 + 1_005_000)) / 2
    expect(rows).toEqual([{ count: 5050, ids: first + second, bodies: 5050, shortest: 1000 }])
  })
})

/** 5,000 rows of a thousand characters. */
async function fill(storage: Storage, from: number): Promise<void> {
  await storage.query({ sql: `with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${from + 4999}) insert into t select i, printf('%01000d', i) from n` })
}

async function pages(storage: Storage): Promise<number> {
  const { rows } = await storage.query<{ readonly page_count: number }>({ sql: 'pragma page_count' })
  return rows[0]?.page_count ?? 0
}
