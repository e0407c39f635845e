/** The browsers of a bug's own devices. A bug can be in several groups. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const browser = {
  key: 'browser',
  valueType: 'text',
  nullable: true,
  meaning: 'The browsers in which the bug was found, each once; null where its devices name none.',
  example: 'Chrome',
  onBugs: { many: true, set: sql`b.browsers` },
} as const satisfies Dimension
