/** What it costs to open a copy whose tables are up to date: see README.md beside this file. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../src/mod.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { aroundStatements } from '../../test/support/around-statements.ts'
import type { Figure } from '../figure.ts'
import { comparePair } from '../measure.ts'
import { benchCustomer } from '../support/account.ts'
import { countEngineStarts } from '../support/engine-starts.ts'

const engines = [
  ['sqljs', (path: string) => sqljs({ file: path })],
  ['pglite', (path: string) => pglite({ dir: path })],
] as const

/** Starting PGlite takes a hundred times as long. */
const samples = { sqljs: { warmUp: 5, samples: 50 }, pglite: { warmUp: 1, samples: 5 } } as const

/**
 * @param part `counts`: nothing is timed
 * @param openCopy what is measured
 */
export async function benchOpening(part: 'counts' | 'all', openCopy: typeof openTidemark = openTidemark): Promise<readonly Figure[]> {
  const openAndClose = async (storage: Storage): Promise<void> => (await openCopy({ storage, customerId: benchCustomer })).close()
  const figures: Figure[] = []
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-bench-'))
  try {
    for (const [engine, open] of engines) {
      const openAt = (): Promise<Storage> => open(join(folder, engine))
      const ours = async (): Promise<void> => openAndClose(await openAt())
      // Makes the tables.
      await ours()
      const timed = part === 'counts' ? undefined : await comparePair(ours, () => askOnce(openAt), samples[engine])
      const statements = await countStatements(openAt, openAndClose)
      figures.push({
        bench: 'opening', engine, operation: 'open at head', times: timed?.ours ?? null, reference: timed?.reference ?? null, ratio: timed?.cpuRatio ?? null,
        counts: { 'engines started': await countEngineStarts(ours), statements }, limits: { counts: { 'engines started': 1 } },
      })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return figures
}

async function askOnce(open: () => Promise<Storage>): Promise<void> {
  await using storage = await open()
  await storage.query({ sql: 'select 1' })
}

/** In and outside of transactions. */
async function countStatements(open: () => Promise<Storage>, use: (storage: Storage) => Promise<void>): Promise<number> {
  let statements = 0
  await use(aroundStatements(await open(), (_statement, ask) => {
    statements += 1
    return ask()
  }))
  return statements
}
