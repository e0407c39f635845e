/** Exploratory tests, as the API sends them in lists and alone. Analytics and execution metrics stay in the payload. */
import * as v from 'valibot'
import { choice, flag, id, instant, list, name, names, one, text, word } from './fields.ts'
import { ReferenceSchema } from './record.ts'
import type { RecordSchema, WireRecord, WireReference } from './record.ts'
import { RequirementSchema } from './requirement.ts'
import type { WireRequirement } from './requirement.ts'
import { TestFeatureSchema } from './test-feature.ts'
import type { WireTestFeature } from './test-feature.ts'

export interface WireTest extends WireRecord {
  readonly id: number
  readonly title: string | null
  /** Upstream word: `running`, `locked`, `archived`, …; an open list. */
  readonly status: string | null
  readonly reviewStatus: string | null
  readonly testingType: string | null
  /** Plain text where the API sends it, else the Markdown source; so are `outOfScope` and `instructions`. */
  readonly goal: string | null
  readonly outOfScope: string | null
  readonly instructions: string | null
  /** UTC instants. */
  readonly startAt: string | null
  readonly endAt: string | null
  readonly reportLanguage: string | null
  /** Display names of customer users. */
  readonly createdBy: string | null
  readonly submittedBy: string | null
  readonly product: WireReference | null
  readonly section: WireReference | null
  readonly environment: WireReference | null
  readonly features: readonly WireTestFeature[]
  readonly requirements: readonly WireRequirement[]
  /** Functional severities in scope; null when it was not said. */
  readonly enableLow: boolean | null
  readonly enableHigh: boolean | null
  readonly enableCritical: boolean | null
  /** Of `default`, `content`, `visual`; an open list. */
  readonly allowedBugTypes: readonly string[]
  readonly demo: boolean
}

const TestFields = v.object({
  id,
  title: text,
  test_title: text,
  status: word,
  review_status: text,
  testing_type: text,
  goal: text,
  goal_text: text,
  out_of_scope: text,
  out_of_scope_text: text,
  instructions: text,
  instructions_text: text,
  start_at: instant,
  end_at: instant,
  report_language: text,
  created_by: name,
  submitted_by: name,
  product: one(ReferenceSchema),
  section: one(ReferenceSchema),
  test_environment: one(ReferenceSchema),
  features: list(TestFeatureSchema),
  requirements: list(RequirementSchema),
  enable_low: choice,
  enable_high: choice,
  enable_critical: choice,
  allowed_bug_types: names,
  demo: flag,
})

export const TestSchema: RecordSchema<WireTest> = v.pipe(
  TestFields,
  v.transform((wire) => ({
    id: wire.id,
    title: wire.title ?? wire.test_title,
    status: wire.status,
    reviewStatus: wire.review_status,
    testingType: wire.testing_type,
    goal: wire.goal_text ?? wire.goal,
    outOfScope: wire.out_of_scope_text ?? wire.out_of_scope,
    instructions: wire.instructions_text ?? wire.instructions,
    startAt: wire.start_at,
    endAt: wire.end_at,
    reportLanguage: wire.report_language,
    createdBy: wire.created_by,
    submittedBy: wire.submitted_by,
    product: wire.product,
    section: wire.section,
    environment: wire.test_environment,
    features: wire.features,
    requirements: wire.requirements,
    enableLow: wire.enable_low,
    enableHigh: wire.enable_high,
    enableCritical: wire.enable_critical,
    allowedBugTypes: wire.allowed_bug_types,
    demo: wire.demo,
  })),
)
