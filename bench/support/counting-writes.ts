/** Counts what one statement on a sql.js file writes, at the calls of the file system. */
import { nodeDisk, type Disk } from '../../adapters/sqljs/file/disk.ts'
import { DatabaseFile } from '../../adapters/sqljs/file/database-file.ts'
import { FileConnection } from '../../adapters/sqljs/file/file-connection.ts'
import { emptyDatabase, loadSqlJs, startEngine } from '../../adapters/sqljs/start.ts'

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
  const sqlJs = await loadSqlJs()
  const file = new DatabaseFile({ path, disk, empty: () => emptyDatabase(sqlJs), lock: { acquire: () => Promise.resolve(), release: () => undefined } })
  const connection = new FileConnection({ file, start: (bytes) => startEngine(sqlJs, bytes), flushAfterMs: 0 })
  await connection.run(sql, [])
  await connection.close()
  return counted
}
