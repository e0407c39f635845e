/**
 * Rows that are gone upstream get the date on which that was found out, and with them everything below them. Their payloads
 * lose their hash, so that a record that comes back is written, which takes the date away again, and search finds them no more.
 */
import { sql, type RawBuilder } from 'kysely'
import { idList } from '../storage/id-list.ts'
import { forgetStreams } from './stream-state.ts'
import type { WriteTarget } from './write-target.ts'

type Entity = 'product' | 'feature' | 'test' | 'bug'

const tables = { product: 'products', feature: 'features', test: 'tests', bug: 'bugs' } as const

/** Each gives how many of the ids were not deleted before. */
export async function buryBugs(target: WriteTarget, ids: readonly number[]): Promise<number> {
  return bury(target, 'bug', sql`id in ${idList(target.tx.dialect, ids)}`)
}

export async function buryFeatures(target: WriteTarget, ids: readonly number[]): Promise<number> {
  return bury(target, 'feature', sql`id in ${idList(target.tx.dialect, ids)}`)
}

/** With their bugs. Should they come back, their bugs are read again. */
export async function buryTests(target: WriteTarget, ids: readonly number[]): Promise<number> {
  return buryTestsWhere(target, sql`id in ${idList(target.tx.dialect, ids)}`)
}

/** With all below them. */
export async function buryProducts(target: WriteTarget, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0
  const ofProducts = sql`product_id in ${idList(target.tx.dialect, ids)}`
  await buryTestsWhere(target, ofProducts)
  await bury(target, 'feature', ofProducts)
  for (const id of ids) target.recount(id)
  await forgetStreams(target, ids)
  return bury(target, 'product', sql`id in ${idList(target.tx.dialect, ids)}`)
}

async function buryTestsWhere(target: WriteTarget, which: RawBuilder<unknown>): Promise<number> {
  const { db, customerId } = target
  const tests = sql`(select id from tests where customer_id = ${customerId} and ${which})`
  await bury(target, 'bug', sql`test_id in ${tests}`)
  await sql`update tests set bugs_read_at = null, bugs_read_status = null where customer_id = ${customerId} and ${which} and deleted_at is null`.execute(db)
  return bury(target, 'test', which)
}

async function bury({ db, customerId, now }: WriteTarget, entity: Entity, which: RawBuilder<unknown>): Promise<number> {
  const table = sql.table(tables[entity])
  const living = sql`customer_id = ${customerId} and ${which} and deleted_at is null`
  await sql`
    update payloads set hash = ''
    where customer_id = ${customerId} and entity = ${entity} and entity_id in (select id from ${table} where ${living})`.execute(db)
  await sql`
    delete from search_documents
    where customer_id = ${customerId} and entity = ${entity} and id in (select id from ${table} where ${living})`.execute(db)
  const { numAffectedRows = 0n } = await sql`update ${table} set deleted_at = ${now} where ${living}`.execute(db)
  return Number(numAffectedRows)
}
