/**
 * Writes a batch of records of one entity inside a transaction: only what is new, differs from last time, or has come back
 * is written. A record is compared by a hash over its payload and over every row made from it, so that a better derivation
 * in a newer program rewrites what it touches.
 */
import { sql } from 'kysely'
import { indexed, type SearchDocument, type SearchEntity } from '../search/document.ts'
import { fullTextOf } from '../storage/full-text.ts'
import { contentHash } from '../content-hash.ts'
import { idList } from '../storage/id-list.ts'
import type { Payload } from '../testio/wire/record.ts'
import { bulkWrite } from './bulk-write.ts'
import type { WriteTarget } from './write-target.ts'

export interface WriteCounts {
  readonly new: number
  readonly changed: number
  readonly unchanged: number
  readonly deleted: number
}

export const noCounts: WriteCounts = { new: 0, changed: 0, unchanged: 0, deleted: 0 }

export function addCounts(a: WriteCounts, b: WriteCounts): WriteCounts {
  return { new: a.new + b.new, changed: a.changed + b.changed, unchanged: a.unchanged + b.unchanged, deleted: a.deleted + b.deleted }
}

export interface Written {
  readonly counts: WriteCounts
  /** The records that were new or changed. */
  readonly touched: ReadonlySet<number>
}

/** A record of the API as rows of our tables. `rows` must be JSON, since the hash is taken over it. */
export interface SyncRecord<Rows> {
  readonly id: number
  readonly rows: Rows
  readonly payload: Payload
  /** What of the payload tells whether it is the same as last time, where that is not all of it. */
  readonly compared?: Payload | undefined
}

export interface EntityWriter<Rows> {
  readonly entity: SearchEntity
  /** Inserts or updates the rows of these records, which are not deleted then, and drops what they no longer have. */
  write(target: WriteTarget, records: readonly SyncRecord<Rows>[], changedIds: readonly number[]): Promise<void>
  /** What of it is found by search; as `storedTexts` reads it from the rows. */
  document(rows: Rows): SearchDocument
}

/** @param dryRun compare only */
export async function writeRecords<Rows>(
  target: WriteTarget,
  writer: EntityWriter<Rows>,
  records: readonly SyncRecord<Rows>[],
  dryRun: boolean,
): Promise<Written> {
  // The API may repeat a record; the later one wins.
  const unique = [...new Map(records.map((record) => [record.id, record])).values()]
  const stored = unique.length === 0 ? new Map<number, string>() : await storedHashes(target, writer.entity, unique.map((record) => record.id))
  const hashed = unique.map((record) => {
    const body = JSON.stringify(record.payload)
    return { record, body, hash: contentHash(JSON.stringify(record.rows), record.compared === undefined ? body : JSON.stringify(record.compared)) }
  })
  const fresh = hashed.filter(({ record }) => !stored.has(record.id))
  const changed = hashed.filter(({ record, hash }) => stored.has(record.id) && stored.get(record.id) !== hash)
  const toWrite = [...fresh, ...changed]
  const written: Written = {
    counts: { new: fresh.length, changed: changed.length, unchanged: unique.length - toWrite.length, deleted: 0 },
    touched: new Set(toWrite.map(({ record }) => record.id)),
  }
  if (dryRun || toWrite.length === 0) return written

  await writer.write(target, toWrite.map(({ record }) => record), changed.map(({ record }) => record.id))
  const documents = toWrite.map(({ record }) => indexed(writer.document(record.rows)))
  for (const statement of fullTextOf[target.tx.dialect].store({ customerId: target.customerId, entity: writer.entity }, documents)) await statement.execute(target.db)
  await bulkWrite(
    target.tx,
    'payloads',
    toWrite.map(({ record, body, hash }) => ({
      customer_id: target.customerId,
      entity: writer.entity,
      entity_id: record.id,
      hash,
      fetched_at: target.now,
      body,
    })),
    { keys: ['customer_id', 'entity', 'entity_id'], onConflict: 'update', longTexts: ['body'], jsonTexts: ['body'] },
  )
  return written
}

async function storedHashes(target: WriteTarget, entity: string, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ readonly entity_id: number; readonly hash: string }>`
    select entity_id, hash from payloads
    where customer_id = ${target.customerId} and entity = ${entity} and entity_id in ${idList(target.tx.dialect, ids)}`.execute(target.db)
  return new Map(rows.map((row) => [row.entity_id, row.hash]))
}
