/**
 * Real processes on one PGlite folder that are killed: at random moments, or by themselves in the middle of a call of the
 * file system, of which a part is done. The folder lives through many rounds; the test does not look after each, for
 * looking heals. `TIDEMARK_KILL_ROUNDS` and `TIDEMARK_CRASH_ROUNDS` make it longer, the seeds start it in the same way.
 */
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { amcheck } from '@electric-sql/pglite/contrib/amcheck'
import { beforeAll, describe, expect, it } from 'vitest'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { freshFolder, preparePglite } from '../support/engines.ts'
import { expectContent, expectReported } from '../support/kill-check.ts'
import { ExpectedContent } from '../support/kill-ledger.ts'
import { type KillWriter, type KillWriterOptions, bundleKillWriter, inRounds } from '../support/kill-writer-process.ts'
import { randomFrom } from '../support/random-from.ts'

const killRounds = Number(process.env['TIDEMARK_KILL_ROUNDS'] ?? 2)
const crashRounds = Number(process.env['TIDEMARK_CRASH_ROUNDS'] ?? 4)
const killSeed = Number(process.env['TIDEMARK_KILL_SEED'] ?? Date.now() % 1_000_000)
const crashSeed = Number(process.env['TIDEMARK_CRASH_SEED'] ?? Date.now() % 1_000_000)
/** After so many everything begins again with no folder. */
const roundsOfFolder = 25

let startWriter: Awaited<ReturnType<typeof bundleKillWriter>>
beforeAll(async () => {
  await preparePglite()
  startWriter = await bundleKillWriter('pglite')
})

describe('a PGlite folder whose process is killed has every commit that was reported, whole, and at most one more', () => {
  it(`at random moments (TIDEMARK_KILL_SEED=${killSeed})`, { timeout: 60_000 + killRounds * 20_000 }, async () => {
    const random = randomFrom(killSeed)
    await playRounds(killRounds, random, () => undefined, async (writer) => {
      // While the folder is made, while it is opened and recovered, in and between commits.
      if (random() < 0.5) await writer.opened
      await new Promise((resolve) => setTimeout(resolve, random() * 600))
    })
  })

  it(`in the middle of a call (TIDEMARK_CRASH_SEED=${crashSeed})`, { timeout: 60_000 + crashRounds * 20_000 }, async () => {
    const random = randomFrom(crashSeed)
    // A new folder takes 4,000 calls, opening 200, recovery 2,000, a commit up to 100, and one in sixteen a checkpoint more.
    const fatalOf = (round: number): KillWriterOptions['fatal'] => ({
      ...(round % 2 === 0 ? { after: 'begin', call: Math.ceil(4_000 * random() ** 2) } : { after: 'open', call: Math.ceil(1_500 * random()) }),
      // Nothing and all are as likely as the parts between them together.
      share: Math.max(0, Math.min(1, random() * 2 - 0.5)),
    })
    await playRounds(crashRounds, random, fatalOf, (writer) => writer.killed)
  })
})

async function playRounds(count: number, random: () => number, fatalOf: (round: number) => KillWriterOptions['fatal'], live: (writer: KillWriter) => Promise<unknown>): Promise<void> {
  const home = await freshFolder()
  const happened = { commits: 0, unreported: 0, beforeFirstCommit: 0, looks: 0 }
  const pathOf = (round: number): string => join(home, `database-${Math.floor(round / roundsOfFolder)}`)
  let content = new ExpectedContent()
  let unseen: { readonly name: string; readonly writer: KillWriter }[] = []
  await inRounds(count, (round) => [startWriter({ path: pathOf(round), name: String(round), fatal: fatalOf(round) })], async (round, [writer]) => {
    if (writer === undefined) return
    await writer.begin()
    await live(writer)
    await writer.kill()
    unseen.push({ name: String(round), writer })
    const isLast = round === count - 1 || round % roundsOfFolder === roundsOfFolder - 1
    if (!isLast && random() < 0.4) return

    const where = `round ${round}`
    const ledger = await look(pathOf(round), content, where)
    for (const { name, writer: each } of unseen) {
      happened.unreported += expectReported(each, name, ledger, where)
      if (each.commits.length === 0) happened.beforeFirstCommit += 1
    }
    happened.commits += ledger.length
    happened.looks += 1
    unseen = []
    if (round % roundsOfFolder < roundsOfFolder - 1) return
    await checkPages(pathOf(round))
    content = new ExpectedContent()
  })
  // A short run is quiet, and hangs on luck.
  if (count < roundsOfFolder) return
  console.log(happened)
  expect(happened.commits).toBeGreaterThan(count)
}

async function look(dir: string, content: ExpectedContent, where: string): ReturnType<typeof expectContent> {
  await using storage = await pglite({ dir })
  const ask = async (sql: string): Promise<readonly object[]> => (await storage.query({ sql })).rows
  const tables = (await ask(`select tablename as name from pg_tables where schemaname = 'public'`)).map((row) => Reflect.get(row, 'name'))
  if (!tables.includes('ledger')) {
    expect({ commits: content.last, tables }, where).toEqual({ commits: 0, tables: [] })
    return []
  }
  const ledger = await expectContent(ask, content, where)
  expect(tables.toSorted(), where).toEqual(['items', 'ledger', ...content.tables].toSorted())
  return ledger
}

/** PostgreSQL's own check: every row is whole, and every index has every row. */
async function checkPages(dir: string): Promise<void> {
  const engine = await PGlite.create(dir, { extensions: { amcheck } })
  try {
    await engine.exec('create extension amcheck')
    const damage = await engine.query(`select c.relname, d.* from pg_class c cross join lateral verify_heapam(c.oid) d where c.relkind = 'r'`)
    expect(damage.rows).toEqual([])
    await engine.query(`select bt_index_check(c.oid, true) from pg_class c join pg_am a on a.oid = c.relam where c.relkind = 'i' and a.amname = 'btree'`)
  } finally {
    await engine.close()
  }
}
