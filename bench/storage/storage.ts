/** What a durable commit costs: see README.md beside this file. */
import { deepStrictEqual } from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Figure } from '../figure.ts'
import { comparePair, type Comparison } from '../measure.ts'
import { countingWrites, type DiskWrites } from '../support/counting-writes.ts'
import { benchOpening, type OpeningFigure } from './opening.ts'

export interface CommitFigure extends Comparison {
  readonly engine: string
  readonly megabytes: number
  readonly changedRows: number
  /** For one commit; null where the engine does not say. */
  readonly writes: DiskWrites | null
}

export interface StorageFigures {
  readonly commits: readonly CommitFigure[]
  readonly openings: readonly OpeningFigure[]
  /** What the whole process had, Node and the bench included, after a sql.js file of that size was filled, scanned and changed; in MB. */
  readonly memory: readonly { readonly megabytes: number; readonly process: number }[]
}

const rowBytes = 230
const samples = { 1: 40, 100: 40, 10_000: 8 } as const

/** @param sizes of the databases, in MB, ascending: the memory of a process does not shrink */
export async function benchStorage(sizes: readonly number[]): Promise<StorageFigures> {
  const commits: CommitFigure[] = []
  const openings: OpeningFigure[] = []
  const memory: { megabytes: number; process: number }[] = []
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-bench-'))
  try {
    for (const megabytes of sizes) memory.push({ megabytes, process: await useFile(join(folder, `${megabytes}.db`), megabytes) })
    for (const megabytes of sizes) {
      const file = join(folder, `${megabytes}.db`)
      await compare('sqljs', megabytes, () => sqljs({ file }), () => sqljs(), commits, async (changedRows) => {
        const writes = await countingWrites(file, updateOf(changedRows))
        // Both sides are to end alike.
        await countingWrites(file, updateOf(changedRows, -1))
        return writes
      })
      openings.push(...(await benchOpening({ engine: 'sqljs', megabytes, path: file, open: (path) => sqljs({ file: path }) })))
      const dir = join(folder, `${megabytes}.pglite`)
      await compare('pglite', megabytes, () => pglite({ dir }), () => pglite(), commits)
      openings.push(...(await benchOpening({ engine: 'pglite', megabytes, path: dir, open: (path) => pglite({ dir: path }) })))
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return { commits, openings, memory }
}

/** What a commit of one row writes to files of these sizes, in MB; without a look at the clock. */
export async function countCommits(sizes: readonly number[]): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-bench-'))
  try {
    const figures: Figure[] = []
    for (const megabytes of sizes) {
      const file = join(folder, `${megabytes}.db`)
      await (await fill(await sqljs({ file }), megabytes)).close()
      figures.push({
        bench: 'storage', engine: 'sqljs', operation: `commit of 1 row to ${megabytes} MB`, times: null, reference: null, ratio: null,
        counts: { ...(await countingWrites(file, updateOf(1))) }, limits: {},
      })
    }
    return figures
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Fills, scans and changes a file; gives the memory of the process afterwards, in MB. */
async function useFile(file: string, megabytes: number): Promise<number> {
  await using storage = await sqljs({ file })
  await fill(storage, megabytes)
  await storage.query({ sql: 'select sum(length(body)) from notes' })
  await storage.query({ sql: `update notes set body = body || '' where id <= 10000` })
  const bytes = (await stat(file)).size
  if (Math.abs(bytes / 1e6 - megabytes) > megabytes / 2) throw new Error(`The database has ${bytes} bytes, not about ${megabytes} MB`)
  return process.memoryUsage().rss / 1e6
}

async function compare(
  engine: string,
  megabytes: number,
  openDurable: () => Promise<Storage>,
  openMemory: () => Promise<Storage>,
  commits: CommitFigure[],
  count: (changedRows: number) => Promise<DiskWrites | null> = async () => null,
): Promise<void> {
  const durable = await fill(await openDurable(), megabytes)
  const memory = await fill(await openMemory(), megabytes)
  for (const changedRows of [1, 100, 10_000] as const) {
    const commit = (storage: Storage) => () => storage.transaction((tx) => tx.query({ sql: updateOf(changedRows) }))
    const figure = await comparePair(commit(durable), commit(memory), { warmUp: 3, samples: samples[changedRows] })
    commits.push({ engine, megabytes, changedRows, ...figure, writes: await count(changedRows) })
  }
  const expected = await checksum(memory)
  await memory.close()
  await durable.close()
  await using again = await openDurable()
  deepStrictEqual(await checksum(again), expected)
}

/** Every run changes the same rows by the same amount, so that both sides end alike. */
function updateOf(rows: number, by = 1): string {
  return `update notes set n = n + ${by} where id <= ${rows}`
}

async function checksum(storage: Storage): Promise<unknown> {
  return (await storage.query({ sql: 'select cast(count(*) as integer) as rows, cast(sum(n) as integer) as total from notes' })).rows
}

/** Rows of a fixed size until the database has about that many MB; nothing when it is filled already. */
async function fill(storage: Storage, megabytes: number): Promise<Storage> {
  await storage.query({ sql: 'create table if not exists notes (id integer primary key, body text not null, n integer not null)' })
  await storage.query({ sql: 'create index if not exists notes_n on notes (n)' })
  const { rows } = await storage.query<{ n: number }>({ sql: 'select count(*) as n from notes' })
  const wanted = Math.round((megabytes * 1e6) / rowBytes)
  const perStatement = 500
  for (let first = (rows[0]?.n ?? 0) + 1; first <= wanted; ) {
    await storage.transaction(async (tx) => {
      for (const end = Math.min(wanted, first + 10_000 - 1); first <= end; first += perStatement) {
        const values = Array.from({ length: Math.min(perStatement, end - first + 1) }, (_, index) => `(${first + index}, '${'x'.repeat(200)}', 0)`)
        await tx.query({ sql: `insert into notes values ${values.join(', ')}` })
      }
    })
  }
  return storage
}
