/**
 * Real processes that migrate one database: killed again and again in the middle, or two at once.
 * `TIDEMARK_KILL_ROUNDS` makes it longer, the seed starts it in the same way.
 */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { postgres } from '../../adapters/postgres/postgres.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { Migrator } from '../../src/migrate/migrator.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { type ScriptProcess, bundleScript, startScript } from '../support/bundled-script.ts'
import { engineNamed, freshFolder, freshPostgresUrl, preparePglite } from '../support/engines.ts'
import { randomFrom } from '../support/random-from.ts'
import { counted, countedRows, counters } from '../support/slow-revisions.ts'
import { catalogue } from './catalogue.ts'

const seed = Number(process.env['TIDEMARK_KILL_SEED'] ?? Date.now() % 1_000_000)
const rounds = process.env['TIDEMARK_KILL_ROUNDS']
const engines = [
  { name: 'sqljs', kills: 4, place: async () => join(await freshFolder(), 'tidemark.db'), open: (file: string) => sqljs({ file }), fresh: engineNamed('sqljs memory') },
  // One start takes seconds.
  { name: 'pglite', kills: 1, place: async () => join(await freshFolder(), 'pglite'), open: (dir: string) => pglite({ dir }), fresh: engineNamed('pglite memory') },
  { name: 'postgres', kills: 4, place: freshPostgresUrl, open: (url: string) => postgres({ url }), fresh: engineNamed('postgres') },
]
const whole = [counters, counted]

let script: string
beforeAll(async () => {
  await preparePglite()
  script = await bundleScript(new URL('../support/migrate-process.ts', import.meta.url))
})

async function started(engine: string, place: string, mode: string): Promise<ScriptProcess> {
  const child = startScript(script, [engine, place, mode])
  await child.until((output) => output.includes('ready\n'))
  return child
}

const steps = (output: string): number => output.split('\nat ').length - 1

describe.each(engines)('a migration on $name', ({ name, kills: usual, place, open, fresh }) => {
  const kills = Number(rounds ?? usual)

  async function prepared(): Promise<string> {
    const path = await place()
    await using storage = await open(path)
    await new Migrator({ storage, revisions: [counters] }).upgrade()
    return path
  }

  async function expectWhole(storage: Storage): Promise<void> {
    expect((await storage.query({ sql: 'select n, count(*) as total from counters group by n' })).rows).toEqual([{ n: 3, total: countedRows }])
    expect((await storage.query({ sql: 'select * from marks' })).rows).toEqual([{ id: 1, counter: 7, note: 'none' }])
    expect(await new Migrator({ storage, revisions: whole }).status()).toEqual({ current: 'b2', atHead: true })
    await using other = await fresh.open()
    await new Migrator({ storage: other, revisions: whole }).upgrade()
    expect(await catalogue(storage)).toEqual(await catalogue(other))
  }

  it.each(['each', 'none'])(`survives kill -9 in the middle (%s, TIDEMARK_KILL_SEED=${seed})`, { timeout: 60_000 + kills * 20_000 }, async (mode) => {
    const random = randomFrom(seed)
    const path = await prepared()
    let before = -1
    for (let round = 0; round < kills; round += 1) {
      const child = await started(name, path, mode)
      child.write('begin')
      // About forty of them in a whole run.
      const at = 1 + Math.floor(random() * (mode === 'each' ? 40 : 15))
      await child.until((output) => steps(output) >= at || /\n(done|failed)/.test(output))
      // It may have come to its end just before.
      await child.kill().catch((ended: unknown) => { if (!/\ndone/.test(child.output())) throw ended })
      await using storage = await open(path)
      const migrator = new Migrator({ storage, revisions: whole })
      const { current, halfWay } = await migrator.status()
      const isMade = await storage.query({ sql: 'select * from marks' }).then(() => true, () => false)
      if (mode === 'each') {
        expect({ halfWay, isMade }).toEqual({ halfWay: undefined, isMade: current === 'b2' })
        if (current !== 'b2') expect((await storage.query({ sql: 'select n, count(*) as total from counters group by n' })).rows).toEqual([{ n: 0, total: countedRows }])
      } else {
        expect(isMade).toBe(halfWay !== undefined || current === 'b2')
        const reached = current === 'b2' ? Infinity : (halfWay?.operations.length ?? 0)
        expect(reached).toBeGreaterThanOrEqual(before)
        before = reached
      }
    }
    const last = await started(name, path, mode)
    last.write('begin')
    await last.until((output) => /\n(done|failed)/.test(output))
    expect(last.output()).toMatch(/\ndone (b2)?\n/)
    await last.killed.catch(() => undefined)
    await using storage = await open(path)
    await expectWhole(storage)
  })

  // A PGlite folder is open in one process only.
  it.each(name === 'pglite' ? [] : ['each', 'none'])('is run once by two processes at once (%s)', async (mode) => {
    const path = await prepared()
    const children = await Promise.all([started(name, path, mode), started(name, path, mode)])
    for (const child of children) child.write('begin')
    const outputs = await Promise.all(children.map((child) => child.until((output) => /\n(done|failed)/.test(output))))
    const ends = outputs.map((output) => /\n((?:done|failed).*)\n/.exec(output)?.[1]?.trim())
    expect(ends.toSorted()).toEqual(['done', 'done b2'])
    await using storage = await open(path)
    await expectWhole(storage)
  })
})
