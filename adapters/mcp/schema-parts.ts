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

/** How old the data is. Explained once for all tools, in the instructions. */
export const freshness = v.strictObject({ as_of: optionalText, age_seconds: optionalWhole, stale: v.boolean(), incomplete: v.boolean() })

const outcomeCounts = v.strictObject({
  total: whole, open: whole, accepted: whole, auto_accepted: whole, rejected: whole, other: whole,
})

export const bugRates = v.strictObject({
  overall_acceptance_rate: rate, active_acceptance_rate: rate, auto_acceptance_rate: rate, rejection_rate: rate, review_rate: rate,
})

export const severityCounts = v.strictObject({ critical: whole, high: whole, low: whole })

/** The fields of a product in a list; and of the others below. */
export const productFields = {
  id: whole,
  name: v.string(),
  type: optionalText,
  description: optionalText,
  test_count: whole,
  bug_count: whole,
  feature_count: whole,
  tests_last_30_days: whole,
  tests_last_90_days: whole,
  last_test_end_at: optionalText,
}

export const featureFields = { id: whole, product_id: whole, title: v.string(), user_story_count: whole, test_count: whole, bug_count: whole }

export const userRoles = v.picklist(['tester', 'customer'])

export const userFields = {
  id: whole,
  name: v.string(),
  role: userRoles,
  first_seen: optionalText,
  last_active_at: optionalText,
  bug_count: whole,
  test_count: whole,
}

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

export const bugFields = {
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
}

/** A bug in a list. */
export const bugItem = v.strictObject(bugFields)

/** A test in a list. */
export const testItem = v.strictObject({ ...testFields, bugs: v.optional(outcomeCounts) })

/** A product or section, where something else names it. */
export const named = v.strictObject({ id: whole, name: v.string() })

/** What a summary says of bugs. */
export const bugFigures = {
  bugs: outcomeCounts,
  rates: bugRates,
  known_bug_count: whole,
  bugs_by_severity: severityCounts,
  bugs_by_kind: v.array(v.strictObject({ kind: v.string(), count: whole })),
  bugs_by_platform: v.array(v.strictObject({ platform: optionalText, count: whole })),
  newest_bugs: v.array(bugItem),
}

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
