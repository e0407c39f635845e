/** sql.js on a file of a disk in memory; see `faulty-disk.ts`. */
import { DatabaseFile } from '../../adapters/sqljs/file/database-file.ts'
import { FileConnection } from '../../adapters/sqljs/file/file-connection.ts'
import { emptyDatabase, loadSqlJs, startEngine } from '../../adapters/sqljs/start.ts'
import { createConnectionStorage } from '../../src/storage/connection-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { FaultyDisk } from './faulty-disk.ts'

export const path = '/data/tidemark.db'

export async function openOnDisk(disk: FaultyDisk, flushAfterMs = 0): Promise<Storage> {
  const sqlJs = await loadSqlJs()
  const lock = { acquire: async () => undefined, release: () => undefined }
  const file = new DatabaseFile({ path, disk, lock, empty: () => emptyDatabase(sqlJs) })
  const connection = new FileConnection({ file, start: (bytes) => startEngine(sqlJs, bytes), flushAfterMs })
  await connection.load()
  return createConnectionStorage({
    name: 'sqljs', dialect: 'sqlite', connections: 1, acquire: async () => connection, release: async () => undefined, close: () => connection.close(),
    capabilities: { transactionalDdl: true, durable: true, concurrentStatements: false, sharedWriters: true, fullText: 'fts4' },
  })
}
