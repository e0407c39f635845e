/** `search`: what has these words, wherever it stands. */
import * as v from 'valibot'
import { searchEntities } from '../../../src/search/document.ts'
import { listAnswer, pagingArguments, readList } from '../list-answer.ts'
import { ids, optionalText, whole, word } from '../schema-parts.ts'
import { localRead, tool } from '../tool.ts'

const entity = v.picklist(searchEntities)
const { limit, offset, cursor } = pagingArguments([''])

export const search = tool({
  name: 'search',
  title: 'Search',
  description:
    'Products, features, tests and bugs by the words in their texts, best match first. Use it when you have words and no id: "anything about checkout?". '
    + 'Next: the get_…_summary of what was found.',
  hints: localRead,
  input: v.strictObject({
    query: v.pipe(v.string(), v.maxLength(20_000), v.description('All words must occur; "a phrase"; log* for a beginning')),
    entities: v.optional(v.pipe(v.array(entity), v.minLength(1), v.description('Default: all'))),
    product_ids: ids('From list_products'),
    from: word('Test end or bug report from; leaves out what has no date'),
    to: word('End; a bare day is included'),
    limit, offset, cursor,
  }),
  output: listAnswer(v.strictObject({
    entity,
    id: whole,
    product_id: whole,
    title: v.string(),
    snippet: v.pipe(v.string(), v.description('Found words between **')),
    score: v.number(),
    date: optionalText,
  })),
  run: ({ query, entities, product_ids, from, to, ...paging }, { tidemark }) =>
    readList(paging, (page) => tidemark.search(query, { limit: page.limit, offset: page.offset, cursor: page.cursor, entities, productIds: product_ids, from, to })),
})
