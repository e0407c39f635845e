/** Makes the index from the rows that are stored: for the command that rebuilds it, and after a copy was replaced. */
import { sql, type Kysely } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { fullTextOf } from '../storage/full-text.ts'
import type { Dialect } from '../storage/storage.ts'
import { indexed, searchEntities } from './document.ts'
import { storedTexts } from './stored-texts.ts'

/** Bounds the memory, and what one statement carries. */
const documentsAtOnce = 250

/**
 * In the caller's transaction.
 *
 * @returns how many documents there are now
 */
export async function fillIndex(db: Kysely<TidemarkDatabase>, dialect: Dialect, customerId: number): Promise<number> {
  await sql`delete from search_documents where customer_id = ${customerId}`.execute(db)
  let count = 0
  for (const entity of searchEntities) {
    for (let after = 0; ;) {
      const documents = await storedTexts(db, customerId, entity, sql`id > ${after} order by id limit ${documentsAtOnce}`)
      if (documents.length > 0) for (const statement of fullTextOf[dialect].store({ customerId, entity }, documents.map(indexed))) await statement.execute(db)
      count += documents.length
      after = documents.at(-1)?.id ?? after
      if (documents.length < documentsAtOnce) break
    }
  }
  return count
}
