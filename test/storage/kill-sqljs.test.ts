/**
 * Real processes on one SQLite file, killed with SIGKILL at random moments: while they open it, while they commit, alone or
 * with another one that has to go on. The same file lives through all rounds. After each, another SQLite looks at it.
 * `TIDEMARK_KILL_ROUNDS` and `TIDEMARK_KILL_SEED` make it longer, or start it in the same way.
 */
import { readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { QueryResult } from '../../src/storage/storage.ts'
import { freshFolder } from '../support/engines.ts'
import { type LedgerRow, expectContent, expectReported, ledgerSql, sum } from '../support/kill-check.ts'
import { ExpectedContent } from '../support/kill-ledger.ts'
import { type KillWriter, type KillWriterOptions, bundleKillWriter, inRounds } from '../support/kill-writer-process.ts'
import { openOtherSqlite } from '../support/other-sqlite.ts'
import { randomFrom } from '../support/random-from.ts'

const rounds = Number(process.env['TIDEMARK_KILL_ROUNDS'] ?? 4)
const seed = Number(process.env['TIDEMARK_KILL_SEED'] ?? Date.now() % 1_000_000)
/** How long a writer may take to go on when the one before it was killed: a moment, or a second (see `check`), on a busy machine. */
const handOverMs = 5_000
const relaxedMs = 200

let startWriter: Awaited<ReturnType<typeof bundleKillWriter>>
beforeAll(async () => {
  startWriter = await bundleKillWriter('sqljs')
})
const startAt = (path: string, round: number, index: number, durability?: KillWriterOptions['durability']): KillWriter => startWriter({ path, name: `${round}.${index}`, durability })

describe(`processes that are killed (TIDEMARK_KILL_SEED=${seed})`, () => {
  it('leave every commit that they have reported, whole, and at most one more', { timeout: 60_000 + rounds * 5_000 }, async () => {
    const path = join(await freshFolder(), 'tidemark.db')
    const random = randomFrom(seed)
    const content = new ExpectedContent()
    const happened = { commits: 0, whileOpening: 0, lock: 0, redo: 0, redoNew: 0, unreported: 0, vacuums: 0, handOversMs: [] as number[] }
    await inRounds(rounds, (round) => [0, 1].slice(0, round % 3 === 2 ? 2 : 1).map((index) => startAt(path, round, index)), async (round, writers) => {
      const [victim, survivor] = writers as readonly [KillWriter, KillWriter | undefined]
      await Promise.all(writers.map((writer) => writer.begin()))
      if (survivor === undefined && random() < 0.25) await sleep(random() * 60)
      else {
        await Promise.all(writers.map((writer) => writer.opened))
        await survivor?.nextCommit()
        await sleep(random() * 150)
      }
      await victim.kill()
      if (survivor !== undefined) {
        const killedAt = Date.now()
        await survivor.nextCommit()
        const tookMs = Date.now() - killedAt
        happened.handOversMs.push(tookMs)
        expect(tookMs, `round ${round}: the other writer goes on`).toBeLessThan(handOverMs)
        await sleep(random() * 100)
        await survivor.kill()
      }
      const left = await readdir(dirname(path))
      if (left.includes('tidemark.db-lock')) happened.lock += 1
      if (left.includes('tidemark.db-redo')) happened.redo += 1
      if (left.includes('tidemark.db-redo.new')) happened.redoNew += 1
      if (victim.commits.length === 0) happened.whileOpening += 1

      const kept = await check(path, content, `round ${round}`)
      for (const [index, writer] of writers.entries()) {
        happened.unreported += expectReported(writer, `${round}.${index}`, kept, `round ${round}`)
        happened.vacuums += writer.vacuums
      }
      happened.commits += kept.length
    })
    report({ ...happened, handOversMs: happened.handOversMs.toSorted((a, b) => a - b).filter((_, index, { length }) => index === length >> 1 || index > length - 4) })
    // Else the test has tested nothing.
    expect(happened.commits).toBeGreaterThan(rounds / 4)
    expect(happened.lock).toBeGreaterThan(rounds / 8)
  })

  it('show a reader beside them whole commits only, and each after the one before', { timeout: 60_000 + rounds * 5_000 }, async () => {
    const path = join(await freshFolder(), 'tidemark.db')
    const random = randomFrom(seed + 2)
    const content = new ExpectedContent()
    const happened = { reads: 0, moments: 0, commits: 0 }
    await using reader = await sqljs({ file: path })
    await inRounds(Math.ceil(rounds / 4), (round) => [0, 1].map((index) => startAt(path, round, index)), async (_, writers) => {
      await Promise.all(writers.map((writer) => writer.begin()))
      await Promise.all(writers.map((writer) => writer.nextCommit()))
      const kills = writers.map(async (writer) => {
        await sleep(300 + random() * 700)
        await writer.kill()
      })
      let isOver = false
      const over = Promise.all(kills).finally(() => { isOver = true })
      while (!isOver) {
        const { rows } = await reader.query<{ commits: number; items: number; marks: number }>({
          sql: 'select (select count(*) from ledger) as commits, (select count(*) from items) as items, (select sum(mark) from items) as marks',
        })
        const now = rows[0]
        expect(now?.commits).toBeGreaterThanOrEqual(content.last)
        if (now?.commits !== content.last) happened.moments += 1
        while (content.last < (now?.commits ?? 0)) content.advance()
        const { batches, last } = content
        expect(now).toEqual({ commits: last, items: sum(batches.map(({ count }) => count)), marks: sum(batches.map(({ mark }) => mark)) })
        happened.reads += 1
        await sleep(random() * 5)
      }
      await over
      happened.commits += sum(writers.map((writer) => writer.commits.length))
    })
    report(happened)
    expect(happened.moments).toBeGreaterThan(0)
  })

  it('leave, with relaxed durability, all commits but those of the last moments', { timeout: 60_000 + rounds * 5_000 }, async () => {
    const path = join(await freshFolder(), 'tidemark.db')
    const random = randomFrom(seed + 1)
    const content = new ExpectedContent()
    const happened = { commits: 0, lost: 0, roundsWithLoss: 0, oldestLost: 0 }
    await inRounds(Math.ceil(rounds / 4), (round) => [startAt(path, round, 0, 'relaxed')], async (round, [writer]) => {
      if (writer === undefined) return
      await writer.begin()
      await writer.opened
      await sleep(400 + random() * 1_100)
      const killedAt = Date.now()
      await writer.kill()
      const kept = await check(path, content, `round ${round}`)
      expect(kept.map((row) => row.number), `round ${round}`).toEqual(kept.map((_, at) => at + 1))
      expect(kept.length, `round ${round}`).toBeLessThanOrEqual(writer.commits.length + 1)
      const lost = writer.commits.slice(kept.length)
      const times = [...writer.commits.map((commit) => commit.at), killedAt]
      // Nobody commits during a flush, so none took longer than this.
      const longestGap = Math.max(...times.map((time, index) => time - (times[index - 1] ?? time)))
      const oldest = lost[0] === undefined ? 0 : killedAt - lost[0].at
      expect(oldest, `round ${round}: age of the oldest lost commit`).toBeLessThan(relaxedMs + 2 * longestGap + 50)
      happened.commits += kept.length
      happened.lost += lost.length
      happened.roundsWithLoss += lost.length > 0 ? 1 : 0
      happened.oldestLost = Math.max(happened.oldestLost, oldest)
    })
    report(happened)
    expect(happened.commits).toBeGreaterThan(0)
    // Now and then a kill comes right behind a flush.
    if (rounds >= 40) expect(happened.lost).toBeGreaterThan(0)
  })
})

/** Opens and closes the file, looks at it with another SQLite, and gives the commits that have come since the last look. */
async function check(path: string, content: ExpectedContent, where: string): Promise<readonly LedgerRow[]> {
  const known = content.last
  const { rows: tables } = await look(path, `select name from sqlite_schema where name = 'ledger'`)
  const ledger = tables.length === 0 ? [] : (await look<LedgerRow>(path, ledgerSql(known))).rows
  const files = await readdir(dirname(path))
  expect(files.filter((name) => name !== 'tidemark.db'), `${where}: beside the file`).toEqual([])
  if (files.length === 0) {
    expect(known, where).toBe(0)
    return []
  }

  const other = await openOtherSqlite(await readFile(path))
  try {
    expect(other.rows('pragma integrity_check'), where).toEqual([{ integrity_check: 'ok' }])
    if (tables.length === 0) {
      expect(known, where).toBe(0)
      expect(other.rows('select name from sqlite_schema'), where).toEqual([])
      return []
    }
    expect(await expectContent((sql) => other.rows(sql), content, where), where).toEqual(ledger)
    expect(other.rows(`select name from sqlite_schema where type = 'table' and name like 'extra%' order by name`).map((row) => row['name']), where).toEqual([...content.tables].toSorted())
    return ledger
  } finally {
    other.close()
  }
}

async function look<R>(path: string, sql: string): Promise<QueryResult<R>> {
  await using storage = await sqljs({ file: path })
  return await storage.query<R>({ sql })
}

/** Figures of a long run; a short one is quiet. */
function report(figures: object): void {
  if (process.env['TIDEMARK_KILL_ROUNDS'] !== undefined) console.log(figures)
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
