/** `get_feature_summary`: one feature of the catalogue on one page. */
import * as v from 'valibot'
import { answerNotes, bugFigures, featureFields, freshness, idArgument, named, optionalText, testItem } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { localRead, tool } from '../tool.ts'

export const getFeatureSummary = tool({
  name: 'get_feature_summary',
  title: 'Summarize a feature',
  description:
    'One feature on one page: what it is, user stories, newest tests, bugs by outcome, severity, kind and platform, rates. Next: '
    + 'list_bugs with feature_ids.',
  hints: localRead,
  input: v.strictObject({ feature_id: v.pipe(idArgument, v.description('From list_features')) }),
  output: v.strictObject({
    ...featureFields,
    product: named,
    description: optionalText,
    how_to_find: optionalText,
    user_stories: v.array(v.string()),
    sections: v.array(named),
    ...bugFigures,
    newest_tests: v.array(testItem),
    freshness,
    ...answerNotes,
  }),
  run: async ({ feature_id }, { tidemark }) => snakeCased(await tidemark.features.summary(feature_id)),
})
