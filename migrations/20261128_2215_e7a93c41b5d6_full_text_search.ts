/**
 * Full-text search: one row of `search_documents` for each product, feature, test and bug that is there. Their words are in
 * an FTS4 table on SQLite, which is left by whatever leaves the first, and in the rows, with a tsvector, on PostgreSQL.
 * What is a word, and how the index is filled, stands here as it was then: a later rule needs a revision that fills it anew.
 */
import { defineRevision } from '../src/migrate/revision.ts'
import type { Op } from '../src/migrate/op.ts'
import { c } from '../src/schema/column.ts'

/** For the policies of PostgreSQL; see revision c5d20b8e6f14. */
const own = `customer_id = nullif(current_setting('tidemark.customer_id', true), '')::bigint`

export default defineRevision({
  id: 'e7a93c41b5d6',
  down: ['9b3e61d7f2c4'],
  message: 'full-text search',
  createdAt: '2026-11-28T22:15:00Z',

  async upgrade(op) {
    await op.createTable('search_documents', {
      customer_id: c.bigint().notNull().comment('The TestIO customer account; first in every key'),
      entity: c.enum(['product', 'feature', 'test', 'bug']).notNull(),
      id: c.bigint().notNull().comment('The id that TestIO gave'),
      product_id: c.bigint().notNull(),
      date: c.instant().comment('End of a test, report of a bug; null for what has no date'),
      length: c.integer().notNull().comment('Words that are searched'),
      title_words: c.text().notNull().comment('Words of the title, each between spaces'),
    }, {
      primaryKey: ['customer_id', 'entity', 'id'],
      comment: 'What search finds: one row for each product, feature, test and bug that is there',
    })
    if (op.dialect === 'sqlite') {
      // Sizes of documents, which matchinfo adds otherwise, are in search_documents.
      await op.execute('create virtual table search_index using fts4(words, tokenize=simple, matchinfo=fts3)')
      await op.execute('create trigger search_documents_leave after delete on search_documents begin delete from search_index where docid = old.rowid; end')
    } else {
      await op.execute('alter table search_documents add column words text not null, add column lexemes tsvector not null')
      await op.execute('create index ix_search_documents_lexemes on search_documents using gin (lexemes)')
      await op.execute(`create policy customer on search_documents using (${own})`)
      await op.execute('alter table search_documents enable row level security')
    }
    // A script has no rows to read: there the index is filled with "tidemark search --rebuild-index".
    if (op.offline) return
    const { rows } = await op.query<{ customer_id: number }>('select distinct customer_id from products order by customer_id')
    for (const { customer_id: customerId } of rows) for (const entity of ['product', 'feature', 'test', 'bug'] as const) await fill(op, customerId, entity)
  },

  async downgrade(op) {
    if (op.dialect === 'sqlite') await op.execute('drop table search_index')
    await op.dropTable('search_documents')
  },
})

interface Source {
  readonly id: number
  readonly product_id: number
  readonly date: string | null
  readonly title: string
  readonly steps: unknown
  readonly first: string | null
  readonly second: string | null
  readonly third: string | null
}

const sources = {
  product: 'select id, id as product_id, null as date, name as title, null as steps, description as first, null as second, null as third from products',
  feature: 'select id, product_id, null as date, title, null as steps, description as first, how_to_find as second, null as third from features',
  test: 'select id, product_id, end_at as date, title, null as steps, goal as first, instructions as second, out_of_scope as third from tests',
  bug: 'select id, product_id, reported_at as date, title, steps, expected_result as first, actual_result as second, null as third from bugs',
}

async function fill(op: Op, customerId: number, entity: keyof typeof sources): Promise<void> {
  const at = (position: number): string => (op.dialect === 'sqlite' ? '?' : `$${position}`)
  for (let after = 0; ;) {
    const { rows } = await op.query<Source>(`${sources[entity]} where customer_id = ${at(1)} and deleted_at is null and id > ${at(2)} order by id limit 250`, [customerId, after])
    const last = rows.at(-1)?.id
    if (last === undefined) return
    const { rows: stories } = entity !== 'feature' ? { rows: [] } : await op.query<{ feature_id: number; title: string }>(
      `select feature_id, title from user_stories where customer_id = ${at(1)} and feature_id > ${at(2)} and feature_id <= ${at(3)} order by feature_id, position`, [customerId, after, last])
    await store(op, customerId, entity, rows.map(({ id, product_id, date, title, steps, first, second, third }) => {
      const texts = [...(Array.isArray(steps) ? steps.filter((step) => typeof step === 'string') : []), first, second, third, ...stories.flatMap((story) => (story.feature_id === id ? story.title : []))]
      return [String(id), String(product_id), date, ...spelled([title, ...texts.map((text) => text ?? '')])]
    }))
    after = last
  }
}

type Document = readonly [id: string, productId: string, date: string | null, length: number, titleWords: string, words: string]

async function store(op: Op, customerId: number, entity: string, documents: readonly Document[]): Promise<void> {
  if (op.dialect === 'postgres') {
    // The words of a customer begin with its id.
    return op.execute(`insert into search_documents (customer_id, entity, id, product_id, date, length, title_words, words, lexemes)
      select $1::bigint, $2::text, (j ->> 0)::bigint, (j ->> 1)::bigint, (j ->> 2)::timestamptz, (j ->> 3)::integer, j ->> 4, j ->> 5,
        array_to_tsvector(string_to_array($3::text || replace(btrim(replace(j ->> 5, E' \\n ', '')), '  ', '  ' || $3::text), '  '))
      from jsonb_array_elements($4::jsonb) as j`, [customerId, entity, `${customerId}:`, documents])
  }
  await op.execute(`insert into search_documents (customer_id, entity, id, product_id, date, length, title_words)
    select ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?)`, [customerId, entity, documents])
  await op.execute(`insert into search_index (docid, words) select d.rowid, j.value ->> 5 from json_each(?) as j
    cross join search_documents as d on d.customer_id = ? and d.entity = ? and d.id = j.value ->> 0`, [documents, customerId, entity])
}

/** How many words there are, those of the title, and all of them, each between spaces and the texts between line breaks. */
function spelled(texts: readonly string[]): readonly [length: number, titleWords: string, words: string] {
  // PostgreSQL refuses more than 1 MB of different words.
  let room = 200_000
  let length = 0
  const parts = texts.map((text) => {
    let part = ''
    for (const word of wordsOf(text)) {
      room -= word.length + 2
      if (room < 0) break
      length += 1
      part += ` ${word} `
    }
    return part
  })
  return [length, parts[0] ?? '', parts.filter((part) => part !== '').join(' \n ')]
}

const marks = /(?!\u3099|\u309a)(?=\p{M})\p{sc=Inherited}/gu
const word = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]\p{M}*|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])[\p{L}\p{N}\p{M}])+/gu

/** Lower case without diacritics; Chinese and Japanese by the character; 64 characters of a word at most. */
function wordsOf(text: string): readonly string[] {
  const folded = text.normalize('NFKD').replaceAll(marks, '').toLowerCase().replaceAll('ς', 'σ')
  return [...folded.matchAll(word)].map(([found]) => [...found].slice(0, 64).join(''))
}
