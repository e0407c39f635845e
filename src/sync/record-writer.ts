/**
 * Writes a batch of records of one entity inside a transaction: only what is new or differs from last time is written.
 * A record is compared by a hash over its payload and over every row made from it, so that a better derivation in a
 * newer program rewrites what it touches.
 */
import { sql, type Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { idList } from '../storage/id-list.ts'
import { kyselyFor } from '../storage/kysely.ts'
import type { JsonObject, Transaction } from '../storage/storage.ts'
import type { Payload } from '../testio/wire/record.ts'
import type { BulkWriter } from './bulk-write.ts'
import { contentHash } from './content-hash.ts'

export interface WriteCounts {
  readonly new: number
  readonly changed: number
  readonly unchanged: number
}

export const noCounts: WriteCounts = { new: 0, changed: 0, unchanged: 0 }

export function addCounts(a: WriteCounts, b: WriteCounts): WriteCounts {
  return { new: a.new + b.new, changed: a.changed + b.changed, unchanged: a.unchanged + b.unchanged }
}

/** A record of the API as rows of our tables. `rows` must be JSON, since the hash is taken over it. */
export interface SyncRecord<Rows> {
  readonly id: number
  readonly rows: Rows
  readonly payload: Payload
}

export interface WriteTarget {
  readonly tx: Transaction
  readonly db: Kysely<TidemarkDatabase>
  readonly bulk: BulkWriter
  readonly customerId: number
  /** An instant. */
  readonly now: string
}

export interface EntityWriter<Rows> {
  readonly entity: 'product' | 'feature' | 'test' | 'bug'
  /** Inserts or updates the rows of these records and drops what they no longer have. */
  write(target: WriteTarget, records: readonly SyncRecord<Rows>[], changedIds: readonly number[]): Promise<void>
}

export function writeTarget(tx: Transaction, bulk: BulkWriter, customerId: number, now: string): WriteTarget {
  return { tx, db: kyselyFor<TidemarkDatabase>(tx, tx.dialect), bulk, customerId, now }
}

/** @param dryRun compare only */
export async function writeRecords<Rows>(
  target: WriteTarget,
  writer: EntityWriter<Rows>,
  records: readonly SyncRecord<Rows>[],
  dryRun: boolean,
): Promise<WriteCounts> {
  // The API repeats records when rows move between pages while we read; the later one wins.
  const unique = [...new Map(records.map((record) => [record.id, record])).values()]
  const stored = await storedHashes(target, writer.entity, unique.map((record) => record.id))
  const hashed = unique.map((record) => ({ record, hash: contentHash(JSON.stringify([record.rows, record.payload])) }))
  const fresh = hashed.filter(({ record }) => !stored.has(record.id))
  const changed = hashed.filter(({ record, hash }) => stored.has(record.id) && stored.get(record.id) !== hash)
  const counts = { new: fresh.length, changed: changed.length, unchanged: unique.length - fresh.length - changed.length }
  const toWrite = [...fresh, ...changed]
  if (dryRun || toWrite.length === 0) return counts

  await writer.write(target, toWrite.map(({ record }) => record), changed.map(({ record }) => record.id))
  await target.bulk.write(
    target.tx,
    'payloads',
    toWrite.map(({ record, hash }) => ({
      customer_id: target.customerId,
      entity: writer.entity,
      entity_id: record.id,
      hash,
      fetched_at: target.now,
      // Parsed from JSON at the door, so it is JSON.
      body: record.payload as JsonObject,
    })),
    { keys: ['customer_id', 'entity', 'entity_id'], onConflict: 'update' },
  )
  return counts
}

async function storedHashes(target: WriteTarget, entity: string, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ readonly entity_id: number; readonly hash: string }>`
    select entity_id, hash from payloads
    where customer_id = ${target.customerId} and entity = ${entity} and entity_id in ${idList(target.tx.dialect, ids)}`.execute(target.db)
  return new Map(rows.map((row) => [row.entity_id, row.hash]))
}
