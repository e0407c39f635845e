/**
 * A database file that is looked at and not touched: neither it nor anything beside it is made, changed or removed. What
 * only a writer can do, which is to finish the commit of a killed process or to keep others away, fails as busy. Not part
 * of the package's surface.
 */
import type { Storage } from '../../src/storage/storage.ts'
import { TidemarkError } from '../../src/errors.ts'
import { connect } from './file/connect.ts'
import { nodeDisk, type Disk } from './file/disk.ts'
import { placeOf, type FilePlace } from './file/place.ts'
import { storageOn } from './storage-on.ts'

/** @throws TidemarkError `storage_open_failed`, `storage_busy` while it is changed, or a commit beside it waits to be finished */
export async function sqljsReadOnly(file: string): Promise<Storage> {
  const place = placeOf(file, 0)
  return storageOn(await connect(untouched(place), 0), 'kept')
}

function untouched({ path, lock }: FilePlace): FilePlace {
  return {
    path,
    disk: readingDisk,
    lock: { acquire: () => Promise.reject(busy(path)), release: () => undefined, isThere: () => lock.isThere() },
  }
}

const readingDisk: Disk = {
  ...nodeDisk,
  open(path, access) {
    if (access !== 'read') throw refusal()
    return nodeDisk.open(path, 'read')
  },
  rename: () => Promise.reject(refusal()),
  remove: () => Promise.reject(refusal()),
}

function refusal(): Error {
  return Object.assign(new Error('Opened to be read only'), { code: 'EROFS' })
}

function busy(path: string): TidemarkError {
  return new TidemarkError('storage_busy', `Cannot look at the database file "${path}"`, {
    why: 'Another program is changing it, or was killed in the middle of a commit that the next one finishes.',
    next: 'Try again when that program is done. If none is at work, "tidemark status" finishes the commit.',
    retryable: true,
  })
}
