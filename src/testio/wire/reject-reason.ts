/** The reasons for which a bug can be rejected, as the API sends them. They have a key in place of an id. */
import * as v from 'valibot'
import { longestName, text } from './fields.ts'
import type { RecordSchema, WireRecord } from './record.ts'

export interface WireRejectReason extends WireRecord {
  readonly key: string
  readonly name: string | null
  /** The text that a rejection leaves in a comment. */
  readonly defaultComment: string | null
}

const RejectReasonFields = v.object({
  key: v.pipe(text, v.check((key) => key !== null, 'missing'), v.check((key) => key === null || key.length <= longestName, `longer than ${longestName} characters`), v.transform((key) => key ?? '')),
  name: text,
  default_comment: text,
})

export const RejectReasonSchema: RecordSchema<WireRejectReason> = v.pipe(
  RejectReasonFields,
  v.transform(({ default_comment: defaultComment, ...reason }) => ({ ...reason, defaultComment })),
)
