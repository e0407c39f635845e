/** What `test/storage/browser` runs in a page: the storage of a browser, and the laws on it. */
import { browserSqlite } from '../../adapters/sqljs/browser/browser.ts'
import { storageLawCases, type StorageLawOptions } from '../../src/storage/laws.ts'

let databases = 0
const places: Readonly<Record<'kept' | 'memory', StorageLawOptions['place']>> = {
  kept: async () => {
    const name = `law-${(databases += 1)}`
    return { open: (options) => browserSqlite({ name, ...options }) }
  },
  memory: async () => ({ open: (options) => browserSqlite(options) }),
}

const inPage = {
  browserSqlite,
  /** Gives why the law does not apply, or null. */
  async keepsLaw(place: 'kept' | 'memory', name: string): Promise<string | null> {
    const law = storageLawCases({ place: places[place] }).find((candidate) => candidate.name === name)
    return (await law?.run())?.skipped ?? null
  },
}

export type InPage = typeof inPage

Object.assign(globalThis, { inPage })
