/** What a write of a sync works with: a transaction, and what is shared by the writes in it. */
import type { Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import type { UserRole } from '../repositories/items.ts'
import { kyselyFor } from '../storage/kysely.ts'
import type { Transaction } from '../storage/storage.ts'

export interface WriteTarget {
  readonly tx: Transaction
  readonly db: Kysely<TidemarkDatabase>
  readonly customerId: number
  /** An instant. */
  readonly now: string
  /** The counts on the row of this product are made right before the transaction is committed. */
  recount(productId: number): void
  /** These people are there: those who are not stored yet are added right before the transaction is committed. Null names are left out. */
  meet(role: UserRole, names: readonly (string | null)[]): void
}

export type People = Readonly<Record<UserRole, ReadonlySet<string>>>

/** With what is left to be done before the commit. */
export interface OpenTarget extends WriteTarget {
  readonly toRecount: ReadonlySet<number>
  readonly met: People
}

export function writeTarget(tx: Transaction, customerId: number, now: string): OpenTarget {
  const toRecount = new Set<number>()
  const met = { tester: new Set<string>(), customer: new Set<string>() }
  return {
    tx, db: kyselyFor<TidemarkDatabase>(tx, tx.dialect), customerId, now, toRecount, met,
    recount: (productId) => void toRecount.add(productId),
    meet(role, names) {
      for (const name of names) if (name !== null) met[role].add(name)
    },
  }
}
