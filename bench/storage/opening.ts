/** What opening a database costs that is there already: closed in order, or left by a process that was killed. See README.md. */
import { deepStrictEqual } from 'node:assert/strict'
import { cp, rm } from 'node:fs/promises'
import type { Storage } from '../../src/storage/storage.ts'
import { percentiles, type Percentiles } from '../measure.ts'

export interface OpeningFigure extends Percentiles {
  readonly engine: string
  readonly megabytes: number
  readonly after: 'close' | 'kill'
}

const samples = { close: 15, kill: 5 } as const

/** A database on disk that is closed, with a table `notes`. */
export interface Closed {
  readonly engine: string
  readonly megabytes: number
  readonly path: string
  open(path: string): Promise<Storage>
}

export async function benchOpening(closed: Closed): Promise<readonly OpeningFigure[]> {
  const { engine, megabytes, path, open } = closed
  const expected = await useOnce(await open(path))
  const reopen = async (from: string): Promise<number> => {
    const start = performance.now()
    const storage = await open(from)
    await storage.query({ sql: 'select 1 as one' })
    const elapsed = performance.now() - start
    deepStrictEqual(await useOnce(storage), expected)
    return elapsed
  }
  const afterClose: number[] = []
  for (let round = 0; round < samples.close; round += 1) afterClose.push(await reopen(path))
  const afterKill: number[] = []
  for (let round = 0; round < samples.kill; round += 1) {
    const left = await leftBehind(closed)
    afterKill.push(await reopen(left))
    await rm(left, { recursive: true })
  }
  return [
    { engine, megabytes, after: 'close', ...percentiles(afterClose) },
    { engine, megabytes, after: 'kill', ...percentiles(afterKill) },
  ]
}

/** A copy as a process leaves it that is killed after a large commit: all is there that was written, and nothing was put in order. */
async function leftBehind({ path, open }: Closed): Promise<string> {
  const copy = `${path}.left`
  await using storage = await open(path)
  await storage.query({ sql: 'update notes set n = n where id <= 10000' })
  await cp(path, copy, { recursive: true, filter: (name) => !name.endsWith('lock') })
  return copy
}

async function useOnce(storage: Storage): Promise<unknown> {
  await using used = storage
  return (await used.query({ sql: 'select cast(count(*) as integer) as rows, cast(sum(n) as integer) as total from notes' })).rows
}
