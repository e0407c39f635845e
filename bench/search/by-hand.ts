/** Search as one would write it by hand on each engine: its own tokenizer, its own ranking, its own snippets, one table for one customer. */
import type { Storage } from '../../src/storage/storage.ts'

export interface HandSearch {
  /** The best twenty with snippets, and how many there are. The query in the words of the engine. */
  find(query: string): Promise<{ readonly total: number; readonly ids: readonly number[] }>
}

/** Makes and fills the table. */
export async function handSearch(storage: Storage): Promise<HandSearch> {
  return storage.dialect === 'sqlite' ? sqliteSearch(storage) : postgresSearch(storage)
}

const body = (...columns: readonly string[]): string => columns.map((column) => `coalesce(${column}, '')`).join(` || ' ' || `)
/** The four entities under keys of their own. */
const texts = (asText: string): string => [
  `select id * 4 as id, name as title, ${body('description')} as body from products`,
  `select id * 4 + 1, title, ${body('description', 'how_to_find')} from features`,
  `select id * 4 + 2, title, ${body('goal', 'instructions', 'out_of_scope')} from tests`,
  `select id * 4 + 3, title, ${body(`steps${asText}`, 'expected_result', 'actual_result')} from bugs`,
].join(' union all ')

async function sqliteSearch(storage: Storage): Promise<HandSearch> {
  await storage.query({ sql: 'create virtual table hand_search using fts4(title, body)' })
  await storage.query({ sql: `insert into hand_search (docid, title, body) ${texts('')}` })
  await storage.query({ sql: `insert into hand_search (hand_search) values ('optimize')` })
  return {
    async find(query) {
      const { rows } = await storage.query<{ docid: number; info: Uint8Array }>({ sql: `select docid, matchinfo(hand_search, 'pcnalx') as info from hand_search where hand_search match ?`, parameters: [query] })
      const best = rows.map(({ docid, info }) => ({ docid, score: bm25(new Uint32Array(info.slice().buffer)) })).toSorted((a, b) => b.score - a.score || a.docid - b.docid).slice(0, 20)
      const ids = best.map(({ docid }) => docid)
      await storage.query({
        sql: `select docid, title, snippet(hand_search, '**', '**', ' … ', -1, 16) as snippet from hand_search where hand_search match ? and docid in (select value from json_each(?))`,
        parameters: [query, ids],
      })
      return { total: rows.length, ids }
    },
  }
}

/** Over the answer of matchinfo 'pcnalx': phrases, columns, documents, average lengths, lengths, then three numbers for each phrase and column. A title counts five times. */
function bm25(info: Uint32Array): number {
  const at = (index: number): number => info[index] ?? 0
  const [phrases, columns, documents] = [at(0), at(1), at(2)]
  let score = 0
  for (let phrase = 0; phrase < phrases; phrase += 1) {
    for (let column = 0; column < columns; column += 1) {
      const place = 3 + 2 * columns + 3 * (phrase * columns + column)
      const [times, having] = [at(place), at(place + 2)]
      const idf = Math.log(1 + (documents - having + 0.5) / (having + 0.5))
      score += ((column === 0 ? 5 : 1) * idf * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * at(3 + columns + column)) / Math.max(1, at(3 + column))))
    }
  }
  return score
}

async function postgresSearch(storage: Storage): Promise<HandSearch> {
  await storage.query({ sql: 'create table hand_search (id bigint primary key, title text not null, body text not null, words tsvector not null)' })
  await storage.query({ sql: `insert into hand_search select id, title, body, setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', body) from (${texts('::text')}) as texts` })
  await storage.query({ sql: 'create index hand_search_words on hand_search using gin (words)' })
  await storage.query({ sql: 'analyze hand_search' })
  return {
    async find(query) {
      const { rows } = await storage.query<{ id: number; total: number }>({
        sql: `select id, title, total, ts_headline('simple', body, $1::tsquery, 'StartSel=**, StopSel=**, MaxWords=30') as snippet from (
          select id, title, body, count(*) over () as total, ts_rank_cd(words, $1::tsquery, 1) as score from hand_search where words @@ $1::tsquery order by score desc, id limit 20) as best`,
        parameters: [query],
      })
      return { total: rows[0]?.total ?? 0, ids: rows.map(({ id }) => id) }
    },
  }
}
