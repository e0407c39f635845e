/**
 * Full text on SQLite: an FTS4 table, whose documents have the rowids of `search_documents`. The words are ours, so its
 * simple tokenizer has nothing to do but part them at spaces. The kit and VACUUM keep the rowids of a table with a key.
 */
import { sql } from 'kysely'
import type { FullText, FullTextTerm } from '../full-text.ts'
import { longText } from './long-text.ts'

export const sqliteFullText: FullText = {
  store: ({ customerId, entity }, documents) => [
    sql`
      insert into search_documents (customer_id, entity, id, product_id, date, length, title_words)
      select ${customerId}, ${entity}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4
      from json_each(cast(${longText(documents.map(({ id, productId, date, length, titleWords }) => [String(id), String(productId), date, length, titleWords]))} as text)) where true
      on conflict (customer_id, entity, id) do update set product_id = excluded.product_id, date = excluded.date, length = excluded.length, title_words = excluded.title_words`,
    sql`
      insert or replace into search_index (docid, words)
      select d.rowid, j.value ->> 1 from json_each(cast(${longText(documents.map(({ id, words }) => [String(id), words]))} as text)) as j
      cross join search_documents as d on d.customer_id = ${customerId} and d.entity = ${entity} and d.id = j.value ->> 0`,
  ],

  // The index first, whatever statistics there are.
  hits: (customerId, terms) => sql`
    search_index as f cross join search_documents as d on d.rowid = f.docid
    where f.search_index match ${terms.map(matched).join(' ')} and d.customer_id = ${customerId}`,

  words: sql`f.words`,

  wordsOf: (customerId, document) => sql`(
    select f.words from search_index as f where f.docid = (
      select d.rowid from search_documents as d where d.customer_id = ${customerId} and d.entity = ${sql.ref(`${document}.entity`)} and d.id = ${sql.ref(`${document}.id`)}))`,
}

/** The words are letters and digits in lower case: none of them is an operator. */
function matched({ words, prefix }: FullTextTerm): string {
  return `"${words.join(' ')}${prefix ? '*' : ''}"`
}
