/** What answers about syncs have in common: the shape of a step, and which of the rows go first where not all fit. */
import * as v from 'valibot'
import { syncOutcomes, syncStreams, type SyncStep } from '../../src/sync/types.ts'
import { rowsThatFit } from './answer-size.ts'
import { cleanTexts } from './clean-text.ts'
import { optionalText, optionalWhole, whole } from './schema-parts.ts'
import type { SnakeCased } from './snake-cased.ts'

export const syncOutcome = v.picklist(syncOutcomes)
export const syncStream = v.picklist(syncStreams)

/** What became of records. */
export const syncCounts = { requests: whole, new: whole, changed: whole, unchanged: whole, deleted: whole, quarantined: whole }

export const syncStep = v.strictObject({
  product_id: optionalWhole,
  stream: syncStream,
  outcome: syncOutcome,
  ...syncCounts,
  error: v.nullable(v.strictObject({ code: v.string(), message: v.string() })),
})

export const breaker = v.strictObject({ state: v.picklist(['closed', 'open', 'half_open']), failures: whole, open_until: optionalText })

type Step = SnakeCased<SyncStep>

/** First what went wrong, then where something happened, so that what is cut off is what nobody asks for. */
export function stepsByInterest(steps: readonly Step[]): Step[] {
  const interest = (step: Step): number => (step.outcome !== 'success' ? 0 : step.new + step.changed + step.deleted > 0 ? 1 : 2)
  return steps.toSorted((a, b) => interest(a) - interest(b))
}

export interface CutRows<Row> {
  readonly rows: Row[]
  /** To be spread into the answer; empty where nothing was cut. */
  readonly notes: { readonly truncated?: true; readonly hint?: string }
}

/** As many of the rows, from the first on, as leave the answer short enough. `rest` says where the others are. */
export function cutRows<Row>(rows: readonly Row[], answerWith: (rows: Row[]) => object, rest: (left: number) => string): CutRows<Row> {
  const kept = rowsThatFit(cleanTexts(answerWith([...rows])), rows.map(cleanTexts))
  return { rows: rows.slice(0, kept), notes: kept === rows.length ? {} : { truncated: true, hint: rest(rows.length - kept) } }
}
