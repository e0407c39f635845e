/** `get_analytics_capabilities`: what `query_metrics` can be asked, told from the registries of analytics. */
import * as v from 'valibot'
import { answerNotes, optionalText, whole } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { localRead, tool } from '../tool.ts'

export const getAnalyticsCapabilities = tool({
  name: 'get_analytics_capabilities',
  title: 'What can be measured',
  description:
    'What query_metrics can be asked: every dimension and metric with its exact meaning and an example, the limits, the forms of time '
    + 'phrases. Read it before the first query_metrics, or when a figure surprises.',
  hints: localRead,
  input: v.strictObject({}),
  output: v.strictObject({
    dimensions: v.array(
      v.strictObject({
        key: v.string(), level: v.picklist(['test', 'bug', 'test and bug']), many: v.boolean(), type: v.picklist(['text', 'boolean']), id_key: optionalText,
        values: v.nullable(v.array(v.string())), meaning: v.string(), example: v.string(),
      }),
    ),
    metrics: v.array(v.strictObject({ key: v.string(), type: v.picklist(['count', 'ratio']), meaning: v.string(), example: v.string() })),
    filters: v.array(v.string()),
    limits: v.strictObject({ dimensions: whole, rows: whole, default_rows: whole, drill_rows: whole, filter_values: whole }),
    time_phrases: v.array(v.string()),
    ...answerNotes,
  }),
  run: async (_args, { tidemark }) => snakeCased(tidemark.analytics.capabilities()),
})
