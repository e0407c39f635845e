/** `list_bugs`: bugs by every attribute that people ask for. */
import * as v from 'valibot'
import { exactWordsHint } from '../exact-words-hint.ts'
import { listAnswer, pagingArguments, readList } from '../list-answer.ts'
import { bugItem, flag, ids, outcomes, severities, word, words } from '../schema-parts.ts'
import { localRead, tool } from '../tool.ts'

export const listBugs = tool({
  name: 'list_bugs',
  title: 'List bugs',
  description:
    'Reported bugs, newest first. Use it for "which critical bugs are open"; total counts all matches, so limit 1 answers "how many". '
    + 'Next: get_bug_summary for one.',
  hints: localRead,
  input: v.strictObject({
    test_ids: ids('From list_tests'),
    product_ids: ids('From list_products'),
    feature_ids: ids('Catalogue features'),
    outcomes: v.optional(v.pipe(v.array(outcomes), v.minLength(1), v.description('open: waits for review'))),
    severities: v.optional(v.pipe(v.array(severities), v.minLength(1), v.description('Only functional bugs have one'))),
    kinds: words('functional, visual, content, custom, …'),
    rejection_reasons: words('Reason keys of rejected bugs; "other" for free text'),
    testers: words('Exact names'),
    known: flag('Known issues only, or none of them'),
    platforms: words('Operating systems, e.g. ["iOS"]'),
    from: word('Reported from: 2025-07-01, "30 days ago", "last month"'),
    to: word('End, that day included'),
    ...pagingArguments(['reported_at', 'severity', 'title', 'id']),
  }),
  output: listAnswer(bugItem),
  async run({ test_ids, product_ids, feature_ids, outcomes, severities, kinds, rejection_reasons, testers, known, platforms, from, to, ...paging }, { tidemark }) {
    const answer = await readList(paging, (page) =>
      tidemark.bugs.list({
        ...page,
        testIds: test_ids,
        productIds: product_ids,
        featureIds: feature_ids,
        outcomes,
        severities,
        kinds,
        rejectionReasons: rejection_reasons,
        testers,
        known,
        platforms,
        from,
        to,
      }),
    )
    const hint = answer.total === 0 ? exactWordsHint({ kinds, rejection_reasons, testers, platforms }) : undefined
    return hint === undefined ? answer : { ...answer, hint }
  },
})
