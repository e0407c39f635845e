/**
 * Which documents match a query, best first, as statements that are the same on every engine but for the index itself. More words
 * of the query in the title outrank everything else; among equals BM25 decides, over the words that are stored.
 */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { TidemarkDatabase } from '../model/schema.ts'
import { byCodePoint } from '../storage/collation.ts'
import { fullTextOf, type FullTextTerm } from '../storage/full-text.ts'
import type { Dialect } from '../storage/storage.ts'
import type { SearchEntity } from './document.ts'
import { termText } from './query.ts'

export interface Search {
  readonly db: Kysely<TidemarkDatabase>
  readonly dialect: Dialect
  readonly customerId: number
  readonly terms: readonly FullTextTerm[]
  /** What narrows it, on the document `d`. */
  readonly scope: readonly RawBuilder<unknown>[]
}

export interface Hit {
  readonly entity: SearchEntity
  readonly id: number
  readonly product_id: number
  readonly date: string | null
  readonly score: number
}

export interface Hits {
  readonly total: number
  readonly rows: readonly Hit[]
}

/**
 * So many are ranked by their words: those with the most terms in the title, of these the newest. What lies behind them
 * has a score without a fraction, and is ordered in the same way. Bounds the cost of a word that is in every second bug.
 */
const mostRanked = 1_000

/** A word in more documents than this says no less than one in so many. Bounds the counting. */
const mostCounted = 10_000

const k1 = 1.2
const b = 0.75

/** Rows `offset` to `offset + limit`, in the total order: score, then date (newest first), entity and id. */
export async function readHits(search: Search, { offset, limit }: { readonly offset: number; readonly limit: number }): Promise<Hits> {
  const wanted = Math.min(limit, Math.max(0, mostRanked - offset))
  const ranked = wanted > 0 ? await readRanked(search, await termWeights(search), offset, wanted) : []
  const rest = ranked.length === wanted && limit > wanted ? await readUnranked(search, Math.max(offset, mostRanked), limit - wanted) : []
  const rows = [...ranked, ...rest]
  return { total: rows[0]?.total ?? (offset === 0 ? 0 : await countHits(search)), rows }
}

type CountedHit = Hit & { readonly total: number }

async function readRanked(search: Search, weights: readonly number[], offset: number, limit: number): Promise<readonly CountedHit[]> {
  const { db, dialect, customerId, terms } = search
  const times = sql.join(terms.map((term, place) => sql`${timesOf(term)} as ${timesColumn(place)}`))
  const bm25 = sql.join(terms.map((_, place) => termScore(sql`m.${timesColumn(place)}`, weights[place] ?? 1)), sql` + `)
  const { rows } = await sql<CountedHit>`
    with matched as materialized ${matched(search)},
      totals as materialized (select count(*) as total, cast(sum(length) as double precision) / count(*) as average from matched),
      best as materialized (select * from matched as m ${ofEqualTitles(dialect)} limit ${mostRanked}),
      texts as materialized (select m.*, totals.total, totals.average, ${fullTextOf[dialect].wordsOf(customerId, 'm')} as words from best as m cross join totals),
      counted as materialized (select m.entity, m.id, m.product_id, m.date, m.length, m.title_hits, m.total, m.average, ${times} from texts as m),
      weighed as materialized (select m.*, ${bm25} as bm25 from counted as m),
      scored as (select m.entity, m.id, m.product_id, m.date, m.total, m.title_hits + m.bm25 / (${real(1)} + m.bm25) as score from weighed as m)
    select * from scored as m order by m.score desc, ${newestFirst(dialect)} limit ${limit} offset ${offset}`.execute(db)
  return rows
}

async function readUnranked(search: Search, offset: number, limit: number): Promise<readonly CountedHit[]> {
  const { rows } = await sql<CountedHit>`
    with matched as materialized ${matched(search)}
    select m.entity, m.id, m.product_id, m.date, m.title_hits as score, (select count(*) from matched) as total
    from matched as m ${ofEqualTitles(search.dialect)} limit ${limit} offset ${offset}`.execute(search.db)
  return rows
}

async function countHits(search: Search): Promise<number> {
  const { rows } = await sql<{ readonly total: number }>`select count(*) as total from ${matched(search)} as m`.execute(search.db)
  return rows[0]?.total ?? 0
}

function matched({ dialect, customerId, terms, scope }: Search): RawBuilder<unknown> {
  const titleHits = terms.map((term) => sql`case when d.title_words like ${containing(term)} then 1 else 0 end`)
  const conditions = [...scope, ...terms.filter(({ words }) => words.length > 1).map((term) => sql`${fullTextOf[dialect].words} like ${containing(term)}`)]
  return sql`(
    select d.entity, d.id, d.product_id, d.date, d.length, ${sql.join(titleHits, sql` + `)} as title_hits
    from ${fullTextOf[dialect].hits(customerId, terms)}${conditions.length === 0 ? sql`` : sql` and ${sql.join(conditions, sql` and `)}`})`
}

/** Words are letters and digits: nothing in them is a wildcard. */
function containing(term: FullTextTerm): string {
  return `%${termText(term)}%`
}

/** How often the term is in the words: by how many bytes fewer they are without it. */
function timesOf(term: FullTextTerm): RawBuilder<number> {
  const text = termText(term)
  const bytes = new TextEncoder().encode(text).length
  return sql<number>`cast((octet_length(m.words) - octet_length(replace(m.words, ${text}, ''))) / cast(${bytes} as integer) as double precision)`
}

function timesColumn(place: number): RawBuilder<unknown> {
  return sql.ref(`times_${place}`)
}

/** Weighed as BM25 does it: each time counts less than the one before, and less in a long document. */
function termScore(times: RawBuilder<unknown>, weight: number): RawBuilder<number> {
  return sql<number>`${real(weight * (k1 + 1))} * ${times} / (${times} + ${real(k1 * (1 - b))} + ${real(k1 * b)} * m.length / m.average)`
}

/** A rare word weighs more than a common one; a phrase as much as its words together. A single term needs no weight. */
async function termWeights({ db, dialect, customerId, terms }: Search): Promise<readonly number[]> {
  if (terms.length === 1) return [1]
  const words = terms.flatMap((term) => wordsApart(term))
  const count = (term: FullTextTerm): RawBuilder<number> => sql<number>`(select count(*) from (select 1 from ${fullTextOf[dialect].hits(customerId, [term])} limit ${mostCounted}) as counted)`
  const { rows } = await sql<{ readonly documents: number } & Readonly<Record<string, number>>>`
    select (select coalesce(sum(test_count + bug_count + feature_count), 0) + count(*) from products where customer_id = ${customerId} and deleted_at is null) as documents,
      ${sql.join(words.map((term, place) => sql`${count(term)} as ${sql.ref(`word_${place}`)}`))}`.execute(db)
  const row = rows[0]
  let place = 0
  return terms.map((term) => wordsApart(term).reduce((sum) => sum + rarity(row?.documents ?? 0, row?.[`word_${place++}`] ?? 0), 0))
}

function wordsApart({ words, prefix }: FullTextTerm): readonly FullTextTerm[] {
  return words.map((word, place) => ({ words: [word], prefix: prefix && place === words.length - 1 }))
}

/** Inverse document frequency, in the form that is never negative. */
function rarity(documents: number, having: number): number {
  return Math.log(1 + (Math.max(documents, having) - having + 0.5) / (having + 0.5))
}

function ofEqualTitles(dialect: Dialect): RawBuilder<unknown> {
  return sql`order by m.title_hits desc, ${newestFirst(dialect)}`
}

function newestFirst(dialect: Dialect): RawBuilder<unknown> {
  return sql`m.date desc nulls last, ${byCodePoint(dialect, sql`m.entity`)}, m.id`
}

/** The engines reckon with it in the same way, so that they give the same scores. */
function real(value: number): RawBuilder<number> {
  return sql<number>`cast(${value} as double precision)`
}
