/**
 * Crashes of a sql.js file, at every call that changes the disk: killed, or with the power cut, which may leave any part of
 * what was not flushed. After each, the file must open, have every commit that was reported as done, and nothing in halves.
 * `TIDEMARK_CRASH_ROUNDS` and `TIDEMARK_CRASH_SEED` make it longer, or repeat one run.
 */
import { describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/storage.ts'
import { FaultyDisk } from '../support/faulty-disk.ts'
import { openOtherSqlite } from '../support/other-sqlite.ts'
import { randomFrom } from '../support/random-from.ts'
import { openOnDisk, path } from '../support/sqljs-on-disk.ts'

const rounds = Number(process.env['TIDEMARK_CRASH_ROUNDS'] ?? 180)
const seed = Number(process.env['TIDEMARK_CRASH_SEED'] ?? Date.now() % 1_000_000)
const kept = 12

describe(`a sql.js file that crashes (TIDEMARK_CRASH_SEED=${seed})`, () => {
  it.each(['kill', 'power cut'] as const)('has every commit after each %s', { timeout: 600_000 }, async (kind) => {
    const random = randomFrom(seed)
    const happened = { crashes: 0, unfinished: 0, recovered: 0 }
    let disk = new FaultyDisk(random)
    let done = 0
    for (let round = 0; round < rounds; round += 1) {
      disk.crashAfter(1 + (round % 60))
      done = await workUntilCrash(disk, done)
      if (disk.isDead) happened.crashes += 1
      disk = kind === 'kill' ? disk.afterKill() : disk.afterPowerCut()
      if (disk.files().includes(`${path}-redo`)) happened.unfinished += 1
      // Opening repairs; it may be cut off as well, in any place.
      if (random() < 0.3) {
        disk.crashAfter(1 + Math.floor(random() * 4))
        await openOnDisk(disk).then((storage) => storage.close(), () => undefined)
        if (disk.isDead) happened.recovered += 1
        disk = kind === 'kill' ? disk.afterKill() : disk.afterPowerCut()
      }
      done = await check(disk, done, `round ${round}`)
    }
    // Else the test has tested nothing.
    expect(happened.crashes).toBeGreaterThan(rounds * 0.9)
    expect(happened.unfinished).toBeGreaterThan(rounds * 0.05)
    expect(happened.recovered).toBeGreaterThan(0)
  })

  it('loses commits when files are not flushed: the test can fail', async () => {
    let lost = 0
    for (let round = 0; round < 40; round += 1) {
      const random = randomFrom(round)
      const disk = new FaultyDisk(random)
      const lying = Object.assign(Object.create(disk) as FaultyDisk, {
        open: (...file: Parameters<FaultyDisk['open']>) => ({ ...disk.open(...file), sync: () => Promise.resolve() }),
        stat: disk.stat.bind(disk), rename: disk.rename.bind(disk), remove: disk.remove.bind(disk), syncFolder: disk.syncFolder.bind(disk),
      })
      disk.crashAfter(40 + Math.floor(random() * 40))
      const done = await workUntilCrash(disk, 0, lying)
      await check(disk.afterPowerCut(), done, '').catch(() => { lost += 1 })
    }
    expect(lost).toBeGreaterThan(10)
  })

  /** Transaction after transaction, each with its own traces, until the disk dies. Gives the last one that was done. */
  async function workUntilCrash(disk: FaultyDisk, from: number, used: FaultyDisk = disk): Promise<number> {
    let done = from
    let storage: Storage | undefined
    try {
      storage = await openOnDisk(used)
      await storage.query({ sql: 'create table if not exists notes (id integer primary key, body text not null)' })
      for (;;) {
        await storage.transaction(async (tx) => {
          const next = done + 1
          await tx.query({ sql: 'insert into notes values (?, ?)', parameters: [next, bodyOf(next)] })
          await tx.query({ sql: 'delete from notes where id <= ?', parameters: [next - kept] })
          await tx.query({ sql: `update notes set body = body || '.' where id = ?`, parameters: [next - 1] })
        })
        done += 1
        if (done % 7 === 0) await storage.query({ sql: 'vacuum' })
      }
    } catch (error) {
      if (!disk.isDead) throw error
      return done
    } finally {
      await storage?.close().catch(() => undefined)
    }
  }

  async function check(disk: FaultyDisk, done: number, where: string): Promise<number> {
    await using storage = await openOnDisk(disk)
    const { rows: tables } = await storage.query({ sql: `select name from sqlite_schema where name = 'notes'` })
    const rows = tables.length === 0 ? [] : (await storage.query<{ id: number; body: string }>({ sql: 'select id, body from notes order by id' })).rows
    const last = rows.at(-1)?.id ?? 0
    // The commit that was under way may have made it.
    expect([done, done + 1], where).toContain(last)
    const first = Math.max(1, last - kept + 1)
    const expected = Array.from({ length: last - first + 1 }, (_, index) => ({ id: first + index, body: bodyOf(first + index) + (first + index < last ? '.' : '') }))
    expect(rows, where).toEqual(last === 0 ? [] : expected)
    expect(disk.files().filter((name) => name !== path && name.endsWith('-redo')), where).toEqual([])
    if (disk.files().includes(path)) {
      const other = await openOtherSqlite(disk.content(path))
      expect(other.rows('pragma integrity_check'), where).toEqual([{ integrity_check: 'ok' }])
      expect(tables.length === 0 || other.rows('select max(id) as last from notes')[0]?.['last'] === (last || null), where).toBe(true)
      other.close()
    }
    return last
  }
})

/** From nothing to many pages, so that the file grows, shrinks and is changed in the middle. */
function bodyOf(id: number): string {
  return String(id).repeat(1 + ((id * 7919) % 4000))
}
