/** `get_product_summary`: one product on one page. */
import * as v from 'valibot'
import { answerNotes, bugFigures, freshness, idArgument, productFields, testItem, whole } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { localRead, tool } from '../tool.ts'

export const getProductSummary = tool({
  name: 'get_product_summary',
  title: 'Summarize a product',
  description:
    'One product on one page: tests by status, the newest tests and bugs, bugs by outcome, severity, kind and platform, rates; over '
    + 'all its tests. For a period or a comparison use query_metrics.',
  hints: localRead,
  input: v.strictObject({ product_id: v.pipe(idArgument, v.description('From list_products')) }),
  output: v.strictObject({
    ...productFields,
    sections: v.array(v.strictObject({ id: whole, name: v.string(), is_default: v.boolean() })),
    tests_by_status: v.array(v.strictObject({ status: v.string(), count: whole })),
    ...bugFigures,
    newest_tests: v.array(testItem),
    freshness,
    ...answerNotes,
  }),
  run: async ({ product_id }, { tidemark }) => snakeCased(await tidemark.products.summary(product_id)),
})
