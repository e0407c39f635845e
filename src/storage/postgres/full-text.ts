/**
 * Full text on PostgreSQL: a tsvector of our words under a GIN index. A customer's words begin with the customer's id, so
 * that a search reads what the index has of that customer and nothing else, however many there are. They have no
 * positions, of which a tsvector keeps few: what has to stand in a row is looked for in the words themselves.
 */
import { sql } from 'kysely'
import type { FullText } from '../full-text.ts'
import { json } from '../storage.ts'

export const postgresFullText: FullText = {
  store: ({ customerId, entity }, documents) => {
    const own = sql`${`${customerId}:`}::text`
    // Through JSON whatever their number, so that the text of the statement is one; ids as text, since they may pass 2^53.
    const rows = json(documents.map(({ id, productId, date, length, titleWords, words }) => ({ id: String(id), product: String(productId), date, length, title: titleWords, words })))
    return [sql`
      insert into search_documents (customer_id, entity, id, product_id, date, length, title_words, words, lexemes)
      select ${customerId}::bigint, ${entity}, id, product, date, length, title, words,
        array_to_tsvector(string_to_array(${own} || replace(btrim(replace(words, ${' \n '}::text, '')), '  ', '  ' || ${own}), '  '))
      from jsonb_to_recordset(${rows}::jsonb) as j(id bigint, product bigint, date timestamptz, length integer, title text, words text)
      on conflict (customer_id, entity, id) do update set product_id = excluded.product_id, date = excluded.date, length = excluded.length,
        title_words = excluded.title_words, words = excluded.words, lexemes = excluded.lexemes`]
  },

  hits: (customerId, terms) => {
    const lexemes = terms.flatMap(({ words, prefix }) => words.map((word, place) => `'${customerId}:${word}'${prefix && place === words.length - 1 ? ':*' : ''}`))
    // The words are the customer's own. The id, in a form that no key serves, keeps the planner to the index of the words.
    return sql`search_documents as d where d.customer_id + 0 = ${customerId} and d.lexemes @@ ${lexemes.join(' & ')}::tsquery`
  },

  words: sql`d.words`,

  wordsOf: (customerId, document) => sql`(
    select d.words from search_documents as d where d.customer_id = ${customerId} and d.entity = ${sql.ref(`${document}.entity`)} and d.id = ${sql.ref(`${document}.id`)})`,
}
