/**
 * Full text on PostgreSQL: a tsvector of our words under a GIN index. A customer's words begin with the customer's id, so
 * that a search reads what the index has of that customer and nothing else, however many there are. They have no
 * positions, of which a tsvector keeps few: what has to stand in a row is looked for in the words themselves.
 */
import { sql } from 'kysely'
import type { FullText } from '../full-text.ts'
import { json } from '../storage.ts'

export const postgresFullText: FullText = {
  store: ({ customerId, entity }, documents) => [
    sql`
      insert into search_documents (customer_id, entity, id, product_id, date, length, title_words)
      select ${customerId}::bigint, ${entity}, (j ->> 0)::bigint, (j ->> 1)::bigint, (j ->> 2)::timestamptz, (j ->> 3)::integer, j ->> 4
      from jsonb_array_elements(${json(documents.map(({ id, productId, date, length, titleWords }) => [String(id), String(productId), date, length, titleWords]))}::jsonb) as j
      on conflict (customer_id, entity, id) do update set product_id = excluded.product_id, date = excluded.date, length = excluded.length, title_words = excluded.title_words`,
    sql`
      insert into search_index (customer_id, entity, id, words, lexemes)
      select ${customerId}::bigint, ${entity}, (j ->> 0)::bigint, j ->> 1,
        array_to_tsvector(string_to_array(${own(customerId)}::text || replace(btrim(replace(j ->> 1, ${' \n '}::text, '')), '  ', '  ' || ${own(customerId)}::text), '  '))
      from jsonb_array_elements(${json(documents.map(({ id, words }) => [String(id), words]))}::jsonb) as j
      on conflict (customer_id, entity, id) do update set words = excluded.words, lexemes = excluded.lexemes`,
  ],

  hits: (customerId, terms) => {
    const query = terms.flatMap(({ words, prefix }) => words.map((word, place) => `'${own(customerId)}${word}'${prefix && place === words.length - 1 ? ':*' : ''}`))
    return sql`
      search_index as f join search_documents as d on d.customer_id = f.customer_id and d.entity = f.entity and d.id = f.id
      where f.customer_id = ${customerId} and d.customer_id = ${customerId} and f.lexemes @@ ${query.join(' & ')}::tsquery`
  },

  wordsOf: (customerId, document) => sql`(
    select f.words from search_index as f where f.customer_id = ${customerId} and f.entity = ${sql.ref(`${document}.entity`)} and f.id = ${sql.ref(`${document}.id`)})`,
}

function own(customerId: number): string {
  return `${customerId}:`
}
