/** The devices that testers own, and what a test may ask for. */
import { itemAt, randomFor, type Random } from '../random.ts'
import type { DeviceTruth, PlatformTruth } from '../truth.ts'
import { DEVICE_WORDS, SYSTEMS_OF_TYPE } from '../words/hardware.ts'

/** All devices of the account per product type; bugs share them, so that a big account stays small. */
export type DevicePool = ReadonlyMap<string, readonly DeviceTruth[]>

export function generateDevices(seed: number): DevicePool {
  const random = randomFor(seed, 'devices')
  const all: DeviceTruth[] = DEVICE_WORDS.flatMap((words) =>
    words.versions.map((osVersion) => ({
      category: words.category,
      vendor: words.vendor,
      model: words.model,
      operatingSystem: words.system,
      osVersion,
      browsers: random.sample(words.browsers, random.int(1, 2)),
    })))
  return new Map(Object.entries(SYSTEMS_OF_TYPE).map(([type, systems]) => [type, all.filter((device) => systems.includes(device.operatingSystem))]))
}

export function devicesFor(pool: DevicePool, productType: string): readonly DeviceTruth[] {
  return pool.get(productType) ?? pool.get('website') ?? []
}

/** One row per requirement. The same system can occur twice, once per category, as it does upstream. */
export function generatePlatforms(random: Random, productType: string): PlatformTruth[] {
  const systems = SYSTEMS_OF_TYPE[productType] ?? []
  return random.sample(systems, random.int(1, 3)).flatMap((system) => {
    const models = DEVICE_WORDS.filter((words) => words.system === system)
    const categories = [...new Set(models.map((words) => words.category))]
    const versions = [...new Set(models.flatMap((words) => words.versions))].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
    const bounded = /^\d/.test(itemAt(versions, 0))
    const minVersion = bounded && random.chance(0.7) ? itemAt(versions, random.int(0, Math.min(1, versions.length - 1))) : null
    const maxVersion = minVersion !== null && random.chance(0.15) ? itemAt(versions, versions.length - 1) : null
    const browsers = productType === 'website' ? random.sample([...new Set(models.flatMap((words) => words.browsers))], random.int(1, 2)) : []
    return categories.slice(0, random.int(1, 2)).map((category) => ({ category, operatingSystem: system, minVersion, maxVersion, browsers }))
  })
}
