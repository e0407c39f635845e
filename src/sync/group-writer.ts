/**
 * Writes of a run, one transaction after the other: what was asked for while one was at work goes into the next one
 * together, so that a commit, and the look at the lease, are shared. A write that fails takes nobody along.
 */
import { isTidemarkError } from '../errors.ts'
import type { UserRole } from '../repositories/items.ts'
import type { Storage } from '../storage/storage.ts'
import { refreshProductCounts } from './product-counts.ts'
import { writeUsers } from './rows/user-rows.ts'
import { writeTarget, type WriteTarget } from './write-target.ts'

export interface GroupWriter {
  /** Resolves when what `work` did is committed. It may be run again, when another write of its group failed. */
  write<T>(work: (target: WriteTarget) => Promise<T>): Promise<T>
}

export interface GroupWriterOptions {
  readonly storage: Storage
  readonly customerId: number
  readonly now: () => number
  /** Run first in each transaction; where it throws, nothing is written. */
  readonly guard?: ((target: WriteTarget) => Promise<void>) | undefined
}

interface Job {
  /** Gives what is to be done when the transaction is committed. */
  run(target: WriteTarget): Promise<() => void>
  fail(error: unknown): void
}

type KnownPeople = Readonly<Record<UserRole, Set<string>>>

const roles = ['tester', 'customer'] as const satisfies readonly UserRole[]

/** Bounds what is lost when a process dies, and what the others wait for. */
const jobsAGroup = 16

export function createGroupWriter(options: GroupWriterOptions): GroupWriter {
  /** People who are stored, as far as this writer has seen to it. */
  const known: KnownPeople = { tester: new Set(), customer: new Set() }
  const waiting: Job[] = []
  let isDraining = false

  async function drain(): Promise<void> {
    isDraining = true
    while (waiting.length > 0) {
      const group = waiting.splice(0, jobsAGroup)
      try {
        await commit(options, known, group)
      } catch (error) {
        if (group.length === 1 || isTidemarkError(error, 'sync_running')) for (const job of group) job.fail(error)
        else for (const job of group) await commit(options, known, [job]).catch((failure: unknown) => job.fail(failure))
      }
    }
    isDraining = false
  }

  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        waiting.push({
          async run(target) {
            const result = await work(target)
            return () => resolve(result)
          },
          fail: reject,
        })
        if (!isDraining) void drain()
      }),
  }
}

async function commit({ storage, customerId, now, guard }: GroupWriterOptions, known: KnownPeople, group: readonly Job[]): Promise<void> {
  const { done, met } = await storage.transaction(async (tx) => {
    const target = writeTarget(tx, customerId, new Date(now()).toISOString())
    await guard?.(target)
    const done: (() => void)[] = []
    for (const job of group) done.push(await job.run(target))
    for (const role of roles) await writeUsers(target, role, [...target.met[role]].filter((name) => !known[role].has(name)))
    for (const productId of target.toRecount) await refreshProductCounts(target, productId)
    return { done, met: target.met }
  })
  for (const role of roles) for (const name of met[role]) known[role].add(name)
  for (const resolve of done) resolve()
}
