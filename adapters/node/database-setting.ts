/** A database as somebody gave it, read with the place where it was given. */
import { isTidemarkError } from '../../src/errors.ts'
import type { GivenSetting } from './config-places.ts'
import { parseDatabaseUrl, type DatabaseLocation } from './database-url.ts'

export type DatabaseReading = { readonly location: DatabaseLocation; readonly mistake: null } | { readonly mistake: string }

/** Never throws for a wrong value: that is a mistake in words, without the value, which can hold a password. */
export function databaseAt(given: GivenSetting): DatabaseReading {
  if (typeof given.value !== 'string') return { mistake: `${given.source}: must be a database URL` }
  try {
    return { location: parseDatabaseUrl(given.value, given.folder), mistake: null }
  } catch (error) {
    if (!isTidemarkError(error, 'database_url_unknown')) throw error
    return { mistake: `${given.source}: ${error.why} ${error.next}` }
  }
}
