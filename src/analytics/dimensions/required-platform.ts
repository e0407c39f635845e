/** The operating systems that a test asks for. A test can be in several groups. */
import type { Dimension } from '../dimension.ts'

export const requiredPlatform = {
  key: 'required_platform',
  valueType: 'text',
  nullable: true,
  meaning: 'The operating systems that the test asks for; null where it names none. Not that on which bugs were found: see platform.',
  example: 'Windows',
  onTests: { many: true, holds: 'value', table: 'test_platforms', part: 'operating_system', place: 'position', firstPlace: 0 },
} as const satisfies Dimension
