/** A device that a bug was seen on. */
import * as v from 'valibot'
import { name, names } from './fields.ts'

export interface WireDevice {
  readonly category: string | null
  readonly vendor: string | null
  readonly model: string | null
  readonly operatingSystem: string | null
  readonly osVersion: string | null
  readonly browsers: readonly string[]
}

const DeviceFields = v.object({
  category: name,
  vendor: name,
  device: name,
  // One of the vendor's documents calls the key so.
  devices: name,
  operating_system: name,
  operating_system_version: name,
  browsers: names,
})

export const DeviceSchema: v.GenericSchema<unknown, WireDevice> = v.pipe(
  DeviceFields,
  v.transform((wire) => ({
    category: wire.category,
    vendor: wire.vendor,
    model: wire.device ?? wire.devices,
    operatingSystem: wire.operating_system,
    osVersion: wire.operating_system_version,
    browsers: wire.browsers,
  })),
)
