/** Pieces of tool schemas: what several tools take, and the shapes that several answers hold. Names speak, so few are described. */
import * as v from 'valibot'
import { bugOutcomes } from '../../src/model/bug-outcome.ts'
import { bugSeverities } from '../../src/model/bug-severity.ts'

// Answers.

/** A whole number of any size and sign. */
export const whole = v.pipe(v.number(), v.safeInteger())
export const optionalWhole = v.nullable(whole)
export const optionalText = v.nullable(v.string())
/** A rate from 0 to 1, null when there is nothing to divide by. */
const rate = v.nullable(v.number())

/** Explained once for all tools, in the instructions. */
export const freshness = v.pipe(
  v.strictObject({ as_of: optionalText, age_seconds: optionalWhole, stale: v.boolean(), incomplete: v.boolean() }),
  v.description('How old the data is'),
)

export const outcomeCounts = v.strictObject({
  total: whole, open: whole, accepted: whole, auto_accepted: whole, rejected: whole, other: whole,
})

export const bugRates = v.strictObject({
  overall_acceptance_rate: rate, active_acceptance_rate: rate, auto_acceptance_rate: rate, rejection_rate: rate, review_rate: rate,
})

export const severityCounts = v.strictObject({ critical: whole, high: whole, low: whole })

/** The fields of a test in a list. */
export const testFields = {
  id: whole,
  product_id: whole,
  title: v.string(),
  status: v.string(),
  testing_type: optionalText,
  review_status: optionalText,
  start_at: optionalText,
  end_at: optionalText,
  created_by: optionalText,
  submitted_by: optionalText,
  environment: v.nullable(v.strictObject({ id: optionalWhole, title: optionalText })),
}

export const outcomes = v.picklist(bugOutcomes)
export const severities = v.picklist(bugSeverities)

/** A bug in a list. */
export const bugItem = v.strictObject({
  id: whole,
  test_id: whole,
  product_id: whole,
  feature_id: optionalWhole,
  title: v.string(),
  kind: v.string(),
  severity: v.nullable(severities),
  outcome: outcomes,
  rejection_reason: optionalText,
  known: v.boolean(),
  tester: optionalText,
  reported_at: optionalText,
})

/** What any answer may say when it had to be shortened or is empty. */
export const answerNotes = { truncated: v.optional(v.boolean()), hint: v.optional(v.string()) }

// Arguments. Each is as strict as the library, so that a refusal speaks of the names that the client used.

/** One id. */
export const idArgument = v.pipe(v.number(), v.safeInteger(), v.gtValue(0))
const wordArgument = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(500))

export function ids(description: string) {
  return v.optional(v.pipe(v.array(idArgument), v.minLength(1), v.maxLength(1000), v.description(description)))
}

export function words(description: string) {
  return v.optional(v.pipe(v.array(wordArgument), v.minLength(1), v.maxLength(200), v.description(description)))
}

export function word(description: string) {
  return v.optional(v.pipe(wordArgument, v.description(description)))
}

export function flag(description: string) {
  return v.optional(v.pipe(v.boolean(), v.description(description)))
}
