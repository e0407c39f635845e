/** `list_products`: what is being tested, with counts. */
import * as v from 'valibot'
import { listAnswer, pagingArguments, readList } from '../list-answer.ts'
import { productFields, word, words } from '../schema-parts.ts'
import { localRead, tool } from '../tool.ts'

export const listProducts = tool({
  name: 'list_products',
  title: 'List products',
  description:
    'The apps and sites under test, each with counts of its tests, bugs and features and its recent activity. Start here to turn a '
    + 'product name into the id that other tools take. Next: get_product_summary for one.',
  hints: localRead,
  input: v.strictObject({
    search: word('Part of the name or description, in any case'),
    type: words('e.g. ["website", "mobile_app_ios", "mobile_app_android"]'),
    ...pagingArguments(['name', 'id', 'test_count', 'bug_count', 'feature_count', 'last_test_end_at']),
  }),
  output: listAnswer(v.strictObject(productFields)),
  async run({ search, type, ...paging }, { tidemark }) {
    const { filters, ...answer } = await readList(paging, (page) => tidemark.products.list({ ...page, search, types: type }))
    const { types, ...others } = filters
    const hint = answer.total === 0 && type !== undefined ? 'Nothing was found. type must be a word of TestIO, also in case: every product of the list shows its own.' : answer.hint
    return { ...answer, ...(hint === undefined ? {} : { hint }), filters: types === undefined ? others : { ...others, type: types } }
  },
})
