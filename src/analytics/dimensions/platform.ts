/** The operating systems of a bug's own devices. A bug can be in several groups. */
import type { Dimension } from '../dimension.ts'

export const platform = {
  key: 'platform',
  valueType: 'text',
  nullable: true,
  meaning: 'The operating systems on which the bug was found, each once; null where its devices name none.',
  example: 'iOS',
  onBugs: { many: true, holds: 'value', table: 'bug_devices', owner: 'bug_id', part: 'operating_system', place: 'position', firstPlace: 0 },
} as const satisfies Dimension
