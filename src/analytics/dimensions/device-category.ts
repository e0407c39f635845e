/** The categories of a bug's own devices. A bug can be in several groups. */
import type { Dimension } from '../dimension.ts'

export const deviceCategory = {
  key: 'device_category',
  valueType: 'text',
  nullable: true,
  meaning: 'The categories of the devices on which the bug was found, each once; null where it has none.',
  example: 'Smartphones',
  onBugs: { many: true, holds: 'value', table: 'bug_devices', owner: 'bug_id', part: 'category', place: 'position', firstPlace: 0 },
} as const satisfies Dimension
