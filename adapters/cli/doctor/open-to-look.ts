/** Opens a database that is there, so that looking at it changes as little as its engine lets one. */
import { setTimeout as pause } from 'node:timers/promises'
import { isTidemarkError } from '../../../src/errors.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import type { DatabaseLocation } from '../../node/database-url.ts'
import { openStorage } from '../open-storage.ts'

/** The commit of a living program takes less than all of them. */
const attempts = 10
const pauseMs = 100

/**
 * A file is only read. PGlite keeps its log and its lock in the folder whenever it is started; no row changes.
 *
 * @throws TidemarkError as `openStorage`; `storage_busy` when a file is being changed all the time
 */
export async function openToLook(location: DatabaseLocation): Promise<Storage> {
  if (location.engine !== 'sqlite' || location.file === null) return openStorage(location)
  const { sqljsReadOnly } = await import('../../sqljs/read-only.ts')
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sqljsReadOnly(location.file)
    } catch (error) {
      if (!isTidemarkError(error, 'storage_busy') || attempt >= attempts) throw error
      await pause(pauseMs)
    }
  }
}
