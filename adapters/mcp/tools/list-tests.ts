/** `list_tests`: test cycles by product, status, type and time. */
import * as v from 'valibot'
import { exactWordsHint } from '../exact-words-hint.ts'
import { listAnswer, pagingArguments, readList } from '../list-answer.ts'
import { flag, ids, testItem, word, words } from '../schema-parts.ts'
import { statusHint } from '../status-hint.ts'
import { localRead, tool } from '../tool.ts'

export const listTests = tool({
  name: 'list_tests',
  title: 'List tests',
  description:
    'Test cycles of all statuses, newest end first. Use it to find a test by product, time or title, or to see what ran in a period. '
    + 'Next: get_test_summary for one, list_bugs with test_ids.',
  hints: localRead,
  input: v.strictObject({
    product_ids: ids('From list_products'),
    statuses: words('running, locked, archived, customer_finalized (executed); initialized, waiting, cancelled'),
    testing_types: words('e.g. ["rapid", "coverage"]'),
    from: word('Time or span: 2025-07-01, "30 days ago", "last quarter", "Q3 2025"'),
    to: word('End, that day included'),
    date_field: v.optional(v.pipe(v.picklist(['end_at', 'start_at']), v.description('What from and to mean')), 'end_at'),
    include_bug_counts: flag('Adds bugs by outcome'),
    search: word('Part of the title, in any case'),
    ...pagingArguments(['end_at', 'start_at', 'title', 'status', 'id']),
  }),
  output: listAnswer(testItem),
  async run({ product_ids, statuses, testing_types, from, to, date_field, include_bug_counts, search, ...paging }, { tidemark }) {
    const answer = await readList(paging, (page) =>
      tidemark.tests.list({
        ...page,
        productIds: product_ids,
        statuses,
        testingTypes: testing_types,
        from,
        to,
        dateField: date_field,
        includeBugCounts: include_bug_counts,
        search,
      }),
    )
    const hint = answer.total === 0 ? (statusHint(statuses) ?? exactWordsHint({ testing_types })) : undefined
    return hint === undefined ? answer : { ...answer, hint }
  },
})
