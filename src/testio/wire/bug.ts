/** Bugs, as the API sends them. What a status or a severity word means is the model's business. */
import * as v from 'valibot'
import { CommentSchema } from './comment.ts'
import type { WireComment } from './comment.ts'
import { CustomReportSchema } from './custom-report.ts'
import { DeviceSchema } from './device.ts'
import type { WireDevice } from './device.ts'
import { flag, id, instant, list, name, one, shownInstant, text, trimmed, word } from './fields.ts'
import { ReferenceSchema } from './record.ts'
import type { RecordSchema, WireRecord, WireReference } from './record.ts'
import { steps } from './steps.ts'

export interface WireBug extends WireRecord {
  readonly id: number
  readonly title: string | null
  /** Upstream word: a functional severity (`low`, `high`, `critical`) or a kind (`visual`, `content`, `custom`, …). */
  readonly severity: string | null
  /** Upstream word: `forwarded`, `accepted`, `rejected`; an open list. */
  readonly status: string | null
  /** The upstream flag; it means something only when `status` is `accepted`. */
  readonly autoAccepted: boolean
  readonly known: boolean
  readonly language: string | null
  /** URL or place. */
  readonly location: string | null
  /** Of custom bugs, these three come from their report. */
  readonly expectedResult: string | null
  readonly actualResult: string | null
  readonly steps: readonly string[]
  /** Screen name of the tester. */
  readonly author: string | null
  readonly comments: readonly WireComment[]
  /** The bug's own devices, without those of other testers' confirmations. */
  readonly devices: readonly WireDevice[]
  /** UTC instants. */
  readonly reportedAt: string | null
  readonly exportedAt: string | null
  /** Id in the customer's tracker. */
  readonly externalId: string | null
  readonly product: WireReference | null
  readonly section: WireReference | null
  readonly test: WireReference | null
  /** The catalogue feature. */
  readonly feature: WireReference | null
  /** The snapshot of the feature inside the test. */
  readonly testFeature: WireReference | null
}

const BugFields = v.object({
  id,
  title: text,
  severity: word,
  status: word,
  auto_accepted: flag,
  known: flag,
  language: name,
  location: text,
  expected_result: trimmed,
  actual_result: trimmed,
  steps,
  author: name,
  comments: list(CommentSchema),
  devices: list(DeviceSchema),
  reported_at: instant,
  exported_at: shownInstant,
  external_idx: text,
  product: one(ReferenceSchema),
  section: one(ReferenceSchema),
  test: one(ReferenceSchema),
  feature: one(ReferenceSchema),
  test_feature: one(ReferenceSchema),
  report: one(CustomReportSchema),
})

/** Bytes of the names in one index entry of a bug. PostgreSQL takes 2,704 with the numbers and the key of a reject reason. */
const mostNameBytes = 1_900

function fitsIndex({ severity, author, language, devices }: v.InferOutput<typeof BugFields>): boolean {
  const names = new Set([severity, author, language, ...devices.flatMap(({ category, operatingSystem, browsers }) => [category, operatingSystem, ...browsers])])
  // Each takes four bytes beside its text, which has at most three for a code unit.
  const text = [...names].join('')
  const besides = names.size * 4
  return text.length * 3 + besides <= mostNameBytes || new TextEncoder().encode(text).length + besides <= mostNameBytes
}

export const BugSchema: RecordSchema<WireBug> = v.pipe(
  BugFields,
  v.forward(v.check(fitsIndex, `more names than fit into ${mostNameBytes} bytes`), ['devices']),
  v.transform((wire) => ({
    id: wire.id,
    title: wire.title,
    severity: wire.severity,
    status: wire.status,
    autoAccepted: wire.auto_accepted,
    known: wire.known,
    language: wire.language,
    location: wire.location,
    expectedResult: wire.expected_result ?? wire.report?.expectedResult ?? null,
    actualResult: wire.actual_result ?? wire.report?.actualResult ?? null,
    steps: wire.steps.length > 0 ? wire.steps : (wire.report?.steps ?? []),
    author: wire.author,
    comments: wire.comments,
    devices: wire.devices,
    reportedAt: wire.reported_at,
    exportedAt: wire.exported_at,
    externalId: wire.external_idx,
    product: wire.product,
    section: wire.section,
    test: wire.test,
    feature: wire.feature,
    testFeature: wire.test_feature,
  })),
)
