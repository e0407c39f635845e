/** The memory of a first sync, whatever the account's size: see README.md beside this file. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scale } from '../../src/simulator/scale.ts'
import type { BenchEngine } from '../support/accounts.ts'
import { ownProcess } from './own-process.ts'

export interface MemoryFigure {
  readonly engine: BenchEngine
  readonly records: number
  readonly requests: number
  readonly seconds: number
  readonly databaseMegabytes: number
  /** Of the syncing process alone, sampled ten times a second. */
  readonly peakMegabytes: { readonly rss: number; readonly heapUsed: number; readonly external: number }
  /** Of the JavaScript heap after a collection, at each tenth of the work. */
  readonly heapMegabytesByTenth: readonly number[]
}

/** @throws Error when the sync is no success */
export async function benchMemory(engine: BenchEngine, scale: Scale): Promise<MemoryFigure> {
  const simulator = await ownProcess('simulator-process', [scale], ['--max-old-space-size=8192'])
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-bench-'))
  try {
    const syncing = await ownProcess('memory-process', [engine, await simulator.line(), folder], ['--expose-gc'])
    // The process beside this file wrote it.
    const { outcome, records, requests, seconds, peak, heapByTenth } = JSON.parse(await syncing.line()) as {
      readonly outcome: string; readonly records: number; readonly requests: number; readonly seconds: number
      readonly peak: MemoryFigure['peakMegabytes']; readonly heapByTenth: readonly number[]
    }
    if (outcome !== 'success') throw new Error(`the sync of the ${scale} account ended as ${outcome}`)
    return {
      engine, records, requests, seconds,
      databaseMegabytes: megabytes(await sizeOf(folder)),
      peakMegabytes: { rss: megabytes(peak.rss), heapUsed: megabytes(peak.heapUsed), external: megabytes(peak.external) },
      heapMegabytesByTenth: heapByTenth.map(megabytes),
    }
  } finally {
    simulator.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name))))
  return sizes.reduce((sum, { size }) => sum + size, 0)
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6)
}
