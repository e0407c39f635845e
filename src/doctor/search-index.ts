/**
 * The index of the search against the rows: that it has each of them and no other, and that its words are theirs. To spell
 * all texts again takes as long as to make the index anew, so a sample of them is compared unless all are asked for.
 */
import { sql, type RawBuilder } from 'kysely'
import type { QueryContext } from '../repositories/context.ts'
import { indexed, searchEntities, type SearchDocument, type SearchEntity } from '../search/document.ts'
import { storedTexts } from '../search/stored-texts.ts'
import { fullTextOf } from '../storage/full-text.ts'
import { check, type Finding } from './finding.ts'

const index = check('derived_data', 'search_index')
const rebuild = 'Run "tidemark search --rebuild-index".'

/** Also the size of the sample, of each kind. */
const documentsAtOnce = 250

type Context = Pick<QueryContext, 'db' | 'customerId' | 'storage'>

export async function checkSearchIndex(context: Context, { all }: { readonly all: boolean }): Promise<Finding> {
  const { missing, surplus, stored } = await countDocuments(context)
  if (missing > 0 || surplus > 0) {
    const parts = [...(missing > 0 ? [`${missing} of ${stored} texts are not in it`] : []), ...(surplus > 0 ? [`${surplus} of its entries are of texts that are gone`] : [])]
    return index.failed('The search index is not complete', `${parts.join(', and ')}: another program has written into the database.`, rebuild)
  }
  const { compared, stale } = all ? await compareAll(context) : await compareSample(context)
  if (stale > 0) {
    return index.failed(
      'The search index is stale', `For ${stale} of ${compared} texts that were compared its words are not theirs, as after a restore from an SQL dump.`, rebuild,
    )
  }
  return index.ok(`The search index has all ${stored} texts, with their words (${compared === stored ? 'all' : compared} compared)`)
}

const tables: Readonly<Record<SearchEntity, string>> = { product: 'products', feature: 'features', test: 'tests', bug: 'bugs' }

async function countDocuments({ db, customerId }: Context): Promise<{ readonly missing: number; readonly surplus: number; readonly stored: number }> {
  const rowsOf = (entity: SearchEntity) => sql`
    select ${sql.lit(entity)} as entity, id from ${sql.table(tables[entity])} where customer_id = ${customerId} and deleted_at is null`
  const { rows } = await sql<{ readonly stored: number; readonly found: number; readonly documents: number }>`
    select count(*) as stored, count(d.id) as found, (select count(*) from search_documents where customer_id = ${customerId}) as documents
    from (${sql.join(searchEntities.map(rowsOf), sql` union all `)}) as r
    left join search_documents as d on d.customer_id = ${customerId} and d.entity = r.entity and d.id = r.id`.execute(db)
  const { stored, found, documents } = rows[0] ?? { stored: 0, found: 0, documents: 0 }
  return { stored, missing: stored - found, surplus: documents - found }
}

interface Compared {
  readonly compared: number
  readonly stale: number
}

async function compareSample(context: Context): Promise<Compared> {
  const { db, customerId } = context
  let compared = 0
  let stale = 0
  for (const entity of searchEntities) {
    const rows = sql`${sql.table(tables[entity])} where customer_id = ${customerId} and deleted_at is null`
    const every = sql`(select count(*) / ${sql.lit(documentsAtOnce)} + 1 from ${rows})`
    const texts = await storedTexts(db, customerId, entity, sql`
      id in (select id from (select id, row_number() over (order by id) as place from ${rows}) as numbered where place % ${every} = 0)`)
    compared += texts.length
    stale += await countStale(context, entity, texts)
  }
  return { compared, stale }
}

async function compareAll(context: Context): Promise<Compared> {
  let compared = 0
  let stale = 0
  for (const entity of searchEntities) {
    for (let after = 0; ;) {
      const texts = await storedTexts(context.db, context.customerId, entity, sql`id > ${after} order by id limit ${documentsAtOnce}`)
      compared += texts.length
      stale += await countStale(context, entity, texts)
      after = texts.at(-1)?.id ?? after
      if (texts.length < documentsAtOnce) break
    }
  }
  return { compared, stale }
}

async function countStale({ db, customerId, storage }: Context, entity: SearchEntity, texts: readonly SearchDocument[]): Promise<number> {
  if (texts.length === 0) return 0
  const words: RawBuilder<string | null> = fullTextOf[storage.dialect].wordsOf(customerId, 'kept')
  const { rows } = await sql<{ readonly id: number; readonly words: string | null }>`
    select id, ${words} as words from search_documents as kept
    where customer_id = ${customerId} and entity = ${entity} and id in (${sql.join(texts.map(({ id }) => id))})`.execute(db)
  const kept = new Map(rows.map((row) => [row.id, row.words]))
  return texts.filter((text) => kept.get(text.id) !== indexed(text).words).length
}
