/** Devices and requirements as the API writes them, with ids that follow from the names. */
import type { DeviceTruth, PlatformTruth } from '../truth.ts'
import { CATEGORIES, DEVICE_WORDS } from '../words/hardware.ts'

const SYSTEMS = [...new Set(DEVICE_WORDS.map((words) => words.system))]
const VENDORS = [...new Set(DEVICE_WORDS.map((words) => words.vendor))]
const MODELS = DEVICE_WORDS.map((words) => words.model)
const VERSIONS = [...new Set(DEVICE_WORDS.flatMap((words) => words.versions))]
const BROWSERS = [...new Set(DEVICE_WORDS.flatMap((words) => words.browsers))]

/** A device inside a bug: names only. `id` is the id of this report of the device. */
export function deviceWire(device: DeviceTruth, id: number) {
  return {
    id,
    category: { name: device.category },
    vendor: { name: device.vendor },
    operating_system: { name: device.operatingSystem },
    operating_system_version: { name: device.osVersion },
    // One description of the API calls the key `devices`.
    ...(id % 31 === 7 ? { devices: { name: device.model } } : { device: { name: device.model } }),
    browsers: device.browsers.map((name) => ({ name })),
  }
}

/** A device inside an execution: with ids and keys. */
export function deviceReportWire(device: DeviceTruth, id: number) {
  return {
    id,
    category: category(device.category),
    vendor: { id: 30 + VENDORS.indexOf(device.vendor), name: device.vendor },
    operating_system: system(device.operatingSystem),
    operating_system_version: version(device.osVersion),
    device: { id: 900 + MODELS.indexOf(device.model), name: device.model },
    browsers: device.browsers.map((name) => ({ id: browserId(name), name })),
  }
}

export function requirementWire(platform: PlatformTruth, id: number) {
  return {
    id,
    browsers: platform.browsers.map((name) => ({ id: browserId(name), name, key: key(name) })),
    category: category(platform.category),
    devices: [],
    input_devices: platform.category === 'Consoles' ? [{ id: 3, input_type: 'controller' }] : [],
    max_operating_system_version: platform.maxVersion === null ? null : version(platform.maxVersion),
    min_operating_system_version: platform.minVersion === null ? null : version(platform.minVersion),
    operating_system: platform.operatingSystem === null ? null : system(platform.operatingSystem),
    vendor: null,
    browser_based: platform.browsers.length > 0,
    gaming: platform.category === 'Consoles',
  }
}

function category(name: string) {
  return { id: CATEGORIES[name]?.id ?? 9, key: CATEGORIES[name]?.key ?? key(name), name }
}

function system(name: string) {
  return { id: 1 + SYSTEMS.indexOf(name), key: key(name), name }
}

function version(name: string) {
  return { id: 190 + VERSIONS.indexOf(name), name }
}

function browserId(name: string): number {
  return 1 + BROWSERS.indexOf(name)
}

function key(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '_')
}
