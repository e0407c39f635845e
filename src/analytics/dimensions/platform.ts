/** The operating systems of a bug's own devices. A bug can be in several groups. */
import { sql } from 'kysely'
import type { Dimension } from '../dimension.ts'

export const platform = {
  key: 'platform',
  valueType: 'text',
  nullable: true,
  meaning: 'The operating systems on which the bug was found, each once; null where its devices name none.',
  example: 'iOS',
  onBugs: { many: true, set: sql`b.operating_systems` },
} as const satisfies Dimension
