/** Counts what one statement on a sql.js file writes, at the calls of the file system. */
import { connect } from '../../adapters/sqljs/file/connect.ts'
import { nodeDisk, type Disk } from '../../adapters/sqljs/file/disk.ts'
import { placeOf } from '../../adapters/sqljs/file/place.ts'

export interface DiskWrites {
  readonly bytes: number
  readonly flushes: number
}

export async function countingWrites(path: string, sql: string): Promise<DiskWrites> {
  const counted = { bytes: 0, flushes: 0 }
  const disk: Disk = {
    ...nodeDisk,
    open(...args) {
      const file = nodeDisk.open(...args)
      return {
        ...file,
        write(bytes, position) {
          counted.bytes += bytes.length
          return file.write(bytes, position)
        },
        sync() {
          counted.flushes += 1
          return file.sync()
        },
      }
    },
    syncFolder(folder) {
      counted.flushes += 1
      return nodeDisk.syncFolder(folder)
    },
  }
  const connection = await connect({ ...placeOf(path, 0), disk }, 0)
  await connection.run(sql, [])
  await connection.close()
  return counted
}
