/** What a write of a sync works with: a transaction, and what is shared by the writes in it. */
import type { Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { kyselyFor } from '../storage/kysely.ts'
import type { Transaction } from '../storage/storage.ts'
import type { BulkWriter } from './bulk-write.ts'

export interface WriteTarget {
  readonly tx: Transaction
  readonly db: Kysely<TidemarkDatabase>
  readonly bulk: BulkWriter
  readonly customerId: number
  /** An instant. */
  readonly now: string
  /** The counts on the row of this product are made right before the transaction is committed. */
  recount(productId: number): void
}

export interface CountedTarget extends WriteTarget {
  readonly toRecount: ReadonlySet<number>
}

export function writeTarget(tx: Transaction, bulk: BulkWriter, customerId: number, now: string): CountedTarget {
  const toRecount = new Set<number>()
  return { tx, db: kyselyFor<TidemarkDatabase>(tx, tx.dialect), bulk, customerId, now, toRecount, recount: (productId) => void toRecount.add(productId) }
}
