/** `get_quarantine`: the records that the API would not give, or in a form that cannot be read. */
import * as v from 'valibot'
import { answerNotes, ids, optionalWhole, whole } from '../schema-parts.ts'
import { snakeCased } from '../snake-cased.ts'
import { cutRows, syncStream } from '../sync-parts.ts'
import { localRead, tool } from '../tool.ts'

export const getQuarantine = tool({
  name: 'get_quarantine',
  title: 'Records that cannot be read',
  description:
    'What the API would not give, or only in a broken form, and so is missing from the copy: why, since when, how often tried, when '
    + 'next. Use it when freshness says incomplete. Each sync_data tries again what is due.',
  hints: localRead,
  input: v.strictObject({ product_ids: ids('From list_products; default all') }),
  output: v.strictObject({
    items: v.array(
      v.strictObject({
        product_id: optionalWhole,
        stream: syncStream,
        key: v.string(),
        entity_id: optionalWhole,
        code: v.string(),
        reason: v.string(),
        attempts: whole,
        first_seen_at: v.string(),
        last_attempt_at: v.string(),
        next_retry_at: v.string(),
      }),
    ),
    total: whole,
    warnings: v.array(v.string()),
    ...answerNotes,
  }),
  async run({ product_ids }, { tidemark }) {
    const all = snakeCased(await tidemark.quarantine.list({ productIds: product_ids }))
    const total = all.length
    // Whoever asks for a product that is not there is told by every list.
    const { warnings } = product_ids === undefined ? { warnings: [] } : await tidemark.features.list({ productIds: product_ids, limit: 1 })
    const { rows: items, notes } = cutRows(all, (some) => ({ items: some, total, warnings }), (left) => `${left} more were left out: name product_ids for them.`)
    return { items, total, warnings: [...warnings], ...notes }
  },
})
