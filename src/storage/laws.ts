/**
 * The contract of a storage as data: laws without a test runner. An adapter is done when its storages keep them all.
 * Public as `tidemark/testing`.
 */
import type { StorageCapabilities } from './storage.ts'
import { durabilityLaws } from './laws/durability.ts'
import { foreignKeyLaws } from './laws/foreign-keys.ts'
import type { StorageLaw, StoragePlace } from './laws/law.ts'
import { queueingLaws } from './laws/queueing.ts'
import { shadowLaws } from './laws/shadow.ts'
import { snapshotLaws } from './laws/snapshot.ts'
import { statementLaws } from './laws/statements.ts'
import { transactionLaws } from './laws/transactions.ts'
import { valueLaws } from './laws/values.ts'

export type { Capability, StorageLaw, StoragePlace } from './laws/law.ts'

/** Every promise of the port, each with a check that throws when it is broken. */
export const storageLaws: readonly StorageLaw[] = [
  ...valueLaws, ...statementLaws, ...transactionLaws, ...queueingLaws, ...foreignKeyLaws, ...durabilityLaws, ...shadowLaws, ...snapshotLaws,
]

/** What an adapter gives to have its laws checked. */
export interface StorageLawOptions {
  /** A new, empty place for one database; called once for each law. */
  readonly place: () => Promise<StoragePlace>
  /** Laws that the adapter is known not to keep: name of the law → reason. Essential laws cannot be among them. */
  readonly gaps?: Readonly<Record<string, string>> | undefined
}

/** A law as a test. */
export interface StorageLawCase {
  readonly name: string
  /** Checks the law on a place of its own, and closes what it opened. Tells why when the law does not apply. */
  run(): Promise<{ readonly skipped?: string }>
}

/**
 * The laws as test cases for any runner.
 *
 * @throws RangeError when a gap names no law, names an essential law, or has no reason
 *
 * @example
 * for (const { name, run } of storageLawCases({ place: async () => ({ open: () => myStorage() }) })) {
 *   test(name, async (context) => {
 *     const { skipped } = await run()
 *     if (skipped !== undefined) context.skip(skipped)
 *   })
 * }
 */
export function storageLawCases({ place, gaps = {} }: StorageLawOptions): readonly StorageLawCase[] {
  for (const [name, reason] of Object.entries(gaps)) {
    const law = storageLaws.find((candidate) => candidate.name === name)
    if (law === undefined) throw new RangeError(`Cannot declare the gap "${name}": no law has this name`)
    if (law.essential === true) throw new RangeError(`Cannot declare the gap "${name}": the law is essential`)
    if (reason.trim() === '') throw new RangeError(`Cannot declare the gap "${name}": it needs a reason`)
  }
  return storageLaws.map((law) => ({ name: law.name, run: () => runLaw(law, place, gaps[law.name]) }))
}

async function runLaw(law: StorageLaw, place: StorageLawOptions['place'], gap: string | undefined): Promise<{ readonly skipped?: string }> {
  if (gap !== undefined) return { skipped: gap }
  const inner = await place()
  const opened: AsyncDisposable[] = []
  const open: StoragePlace['open'] = async (options) => {
    const storage = await inner.open(options)
    opened.push(storage)
    const reason = misfit(law, storage.capabilities)
    if (reason !== undefined) throw new Misfit(reason)
    return storage
  }
  /** Every one of them, also where closing one fails; the first failure counts. */
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = []
    for (const storage of opened.reverse()) {
      try {
        await storage[Symbol.asyncDispose]()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
  try {
    await law.check({ open })
  } catch (error) {
    await closeAll().catch(() => undefined)
    if (error instanceof Misfit) return { skipped: error.message }
    throw error
  }
  await closeAll()
  return {}
}

/** The law turned out not to apply to the storage that was opened. */
class Misfit extends Error {}

function misfit({ needs, lacks }: StorageLaw, capabilities: StorageCapabilities): string | undefined {
  if (needs !== undefined && !capabilities[needs]) return `needs ${needs}`
  return lacks !== undefined && capabilities[lacks] ? `is for engines without ${lacks}` : undefined
}
