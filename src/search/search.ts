/** Search over products, features, tests and bugs: a text in, a page of what has all of its words out. */
import { sql } from 'kysely'
import * as v from 'valibot'
import type { QueryContext } from '../repositories/context.ts'
import { decodeCursor, encodeCursor, fingerprint } from '../repositories/cursor.ts'
import { freshnessParts, toFreshness, type FreshnessRow, type FreshnessScope } from '../repositories/freshness.ts'
import type { ListResult } from '../repositories/list.ts'
import { option, pageEntries, parseOptions, requireOneStart } from '../repositories/options.ts'
import { countKnownIds, unknownIdWarnings } from '../repositories/unknown-ids.ts'
import { parseTimeRange } from '../time/phrase.ts'
import { searchEntities, type SearchDocument, type SearchEntity } from './document.ts'
import { mostWords, parseQuery } from './query.ts'
import { readHits, type Hit } from './rank.ts'
import { snippet } from './snippet.ts'
import { storedTexts } from './stored-texts.ts'

/** What narrows a search, and which page of it is wanted. */
export interface SearchOptions {
  /** Default all four. */
  readonly entities?: readonly SearchEntity[] | undefined
  readonly productIds?: readonly number[] | undefined
  /** Time phrases, of the end of a test and the report of a bug. With a range, what has no date is left out: products, features. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Items a page, 1–100. Default 20. */
  readonly limit?: number | undefined
  /** Items to skip. Default 0. Not together with `cursor`. */
  readonly offset?: number | undefined
  /** `nextCursor` of the answer before. It counts: what came in between may repeat or skip an item. */
  readonly cursor?: string | undefined
}

/** Something that was found, and where in its texts. */
export interface SearchItem {
  readonly entity: SearchEntity
  readonly id: number
  readonly productId: number
  readonly title: string
  /** The text around the first word that was found, which stands between `**`; of what has no text the title. */
  readonly snippet: string
  /** Higher is better. The whole part tells how many of the terms are in the title, the fraction is BM25. */
  readonly score: number
  readonly date: string | null
}

const Schema = v.strictObject({
  text: v.string(),
  entities: v.optional(v.pipe(v.array(v.picklist(searchEntities)), v.minLength(1))),
  productIds: option.ids,
  from: option.text,
  to: option.text,
  ...pageEntries,
})

/**
 * Any text is a query; one without a word finds nothing.
 *
 * @throws TidemarkError `argument_invalid`, `cursor_invalid`; never for what the text says
 */
export async function search(context: QueryContext, text: string, input: SearchOptions = {}): Promise<ListResult<SearchItem>> {
  const options = parseOptions('search', Schema, { ...input, text })
  const { entities = searchEntities, productIds, limit, offset: skipped, cursor, ...asked } = options
  requireOneStart('search', options)
  const print = fingerprint([context.customerId, 'search', { ...asked, entities: searchEntities.filter((entity) => entities.includes(entity)), productIds }])
  const offset = cursor === undefined ? skipped ?? 0 : decodeCursor(print, cursor).offset
  const range = parseTimeRange({ from: options.from, to: options.to }, { now: context.now(), timeZone: context.timeZone })
  const query = parseQuery(text)

  const scope = [
    ...(entities.length === searchEntities.length ? [] : [sql`d.entity in (${sql.join(entities)})`]),
    ...(productIds === undefined ? [] : [sql`d.product_id in (${sql.join(productIds)})`]),
    ...(range.from === null ? [] : [sql`d.date >= ${range.from}`]),
    ...(range.to === null ? [] : [sql`d.date < ${range.to}`]),
  ]
  const { customerId, db } = context
  const found = query.terms.length === 0 ? { total: 0, rows: [] } : await readHits({ db, dialect: context.storage.dialect, customerId, terms: query.terms, scope }, { offset, limit: limit + 1 })
  const page = found.rows.slice(0, limit)
  const documents = await documentsOf(context, page)
  const freshnessScope = scopeOf(entities, productIds)
  const frame = await readFrame(context, freshnessScope, productIds)
  const hasMore = found.rows.length > limit
  const unknown = await unknownIdWarnings({ db, dialect: context.storage.dialect, customerId }, { products: productIds }, { knownCount: frame.known_ids })
  const freshness = toFreshness(context, freshnessScope, frame)
  return {
    items: page.map(({ entity, id, product_id: productId, date, score }) => {
      const { title = '', texts = [] } = documents.get(`${entity} ${id}`) ?? {}
      return { entity, id, productId, title, snippet: snippet(texts.some((part) => part !== null && part.trim() !== '') ? texts : [title], query.terms), score, date }
    }),
    total: found.total,
    returned: page.length,
    offset,
    hasMore,
    nextCursor: hasMore ? encodeCursor(print, { value: null, id: 0, offset: offset + page.length }) : null,
    filters: { query: text, entities, productIds, from: range.from, to: range.to },
    freshness,
    warnings: [...unknown, ...(query.cut ? [`Only the first ${mostWords} words of the text were looked for.`] : [])],
    hint: hintFor(query.terms.length, found.total, page.length, freshness.asOf),
  }
}

interface Frame extends FreshnessRow {
  readonly known_ids: number
}

async function readFrame(context: QueryContext, scope: FreshnessScope, productIds: readonly number[] | undefined): Promise<Frame> {
  const { columns, source } = freshnessParts(context, scope)
  const { rows } = await sql<Frame>`select ${countKnownIds(context, { products: productIds }, false)} as known_ids, ${columns} from ${source}`.execute(context.db)
  const frame = rows[0]
  if (frame === undefined) throw new TypeError('an aggregate gave no row')
  return frame
}

/** What was found as it was written, by entity and id. */
async function documentsOf({ db, customerId }: QueryContext, page: readonly Hit[]): Promise<ReadonlyMap<string, SearchDocument>> {
  const documents = new Map<string, SearchDocument>()
  for (const entity of searchEntities) {
    const ids = page.flatMap((hit) => (hit.entity === entity ? [hit.id] : []))
    if (ids.length === 0) continue
    for (const document of await storedTexts(db, customerId, entity, sql`id in (${sql.join(ids)})`)) documents.set(`${entity} ${document.id}`, document)
  }
  return documents
}

const streamsOf = { product: [], feature: ['features'], test: ['tests'], bug: ['tests', 'bugs'] } as const satisfies Readonly<Record<SearchEntity, FreshnessScope['streams']>>

function scopeOf(entities: readonly SearchEntity[], productIds: readonly number[] | undefined): FreshnessScope {
  return {
    streams: [...new Set(entities.flatMap((entity): FreshnessScope['streams'] => streamsOf[entity]))],
    products: productIds && ((product) => sql`${product} in (${sql.join(productIds)})`),
  }
}

function hintFor(terms: number, total: number, returned: number, asOf: string | null): string | undefined {
  if (terms === 0) return 'Nothing in this text can be looked for: give a letter or a digit.'
  if (total === 0 && asOf === null) return 'Nothing is known yet about some of this: sync, then ask again.'
  if (total === 0) return 'Nothing has all of these words: leave one out, or look for its beginning, as in log*.'
  if (returned === 0) return `The offset lies behind the last of ${total} results.`
  return undefined
}
