/** sql.js on a file of a disk in memory; see `faulty-disk.ts`. */
import { connect } from '../../adapters/sqljs/file/connect.ts'
import type { Disk } from '../../adapters/sqljs/file/disk.ts'
import { storageOn } from '../../adapters/sqljs/storage-on.ts'
import type { Storage } from '../../src/storage/storage.ts'

export const path = '/data/tidemark.db'

/** Nobody else is there. */
const lock = { acquire: async () => undefined, release: () => undefined, isThere: () => false }

export async function openOnDisk(disk: Disk, flushAfterMs = 0): Promise<Storage> {
  return storageOn(await connect({ path, disk, lock }, flushAfterMs), 'kept')
}
