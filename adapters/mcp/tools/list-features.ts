/** `list_features`: the feature catalogue, with counts. */
import * as v from 'valibot'
import { listAnswer, pagingArguments, readList } from '../list-answer.ts'
import { featureFields, flag, ids, word } from '../schema-parts.ts'
import { localRead, tool } from '../tool.ts'

export const listFeatures = tool({
  name: 'list_features',
  title: 'List features',
  description:
    'Features of the products, each with counts of its user stories, tests and bugs. Use it to find a feature or what was never '
    + 'tested. Next: get_feature_summary for one, list_bugs with feature_ids.',
  hints: localRead,
  input: v.strictObject({
    product_ids: ids('From list_products'),
    has_user_stories: flag('Only with user stories, or only without'),
    search: word('Part of the title, in any case'),
    ...pagingArguments(['title', 'id', 'test_count', 'bug_count', 'user_story_count']),
  }),
  output: listAnswer(v.strictObject(featureFields)),
  run: ({ product_ids, has_user_stories, search, ...paging }, { tidemark }) =>
    readList(paging, (page) => tidemark.features.list({ ...page, productIds: product_ids, hasUserStories: has_user_stories, search })),
})
