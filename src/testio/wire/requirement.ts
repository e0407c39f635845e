/** The devices that a test asks for. */
import * as v from 'valibot'
import { name, names } from './fields.ts'

export interface WireRequirement {
  /** For example `Computers`. */
  readonly category: string | null
  readonly operatingSystem: string | null
  /** Null means no bound. */
  readonly minVersion: string | null
  /** Null means no bound. */
  readonly maxVersion: string | null
  readonly browsers: readonly string[]
}

const RequirementFields = v.object({
  category: name,
  operating_system: name,
  min_operating_system_version: name,
  max_operating_system_version: name,
  browsers: names,
})

export const RequirementSchema: v.GenericSchema<unknown, WireRequirement> = v.pipe(
  RequirementFields,
  v.transform((wire) => ({
    category: wire.category,
    operatingSystem: wire.operating_system,
    minVersion: wire.min_operating_system_version,
    maxVersion: wire.max_operating_system_version,
    browsers: wire.browsers,
  })),
)
