/** What was said about a bug. */
import * as v from 'valibot'
import { id, name, shownInstant, text } from './fields.ts'

export interface WireComment {
  readonly id: number
  /** Tester, team leader or customer user: the API does not say which. */
  readonly author: string | null
  /** A UTC instant. */
  readonly createdAt: string | null
  /** Empty when there is none. */
  readonly body: string
}

export const CommentSchema: v.GenericSchema<unknown, WireComment> = v.pipe(
  v.object({ id, author: name, created_at: shownInstant, body: text }),
  v.transform((wire) => ({ id: wire.id, author: wire.author, createdAt: wire.created_at, body: wire.body ?? '' })),
)
