/** The storage over the one connection of a sql.js database, in memory or kept on a file or by a browser. */
import { type ConnectionStorageOptions, createConnectionStorage } from '../../src/storage/connection-storage.ts'
import type { Connection } from '../../src/storage/driver.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { MemoryConnection } from './memory-connection.ts'
import { MemoryBytes } from './memory-bytes.ts'
import { emptyDatabase, loadSqlJs, startEngine } from './start.ts'

export interface SqljsConnection extends Connection {
  close(): Promise<void>
}

export async function storageInMemory(options: ConnectionStorageOptions = {}): Promise<Storage> {
  const sqlJs = await loadSqlJs()
  return storageOn(new MemoryConnection(startEngine(sqlJs, new MemoryBytes(emptyDatabase(sqlJs)))), 'memory', options)
}

export function storageOn(connection: SqljsConnection, place: 'memory' | 'kept', options: ConnectionStorageOptions = {}): Storage {
  return createConnectionStorage(
    {
      name: 'sqljs',
      dialect: 'sqlite',
      capabilities: {
        transactionalDdl: true,
        durable: place === 'kept',
        concurrentStatements: false,
        sharedWriters: place === 'kept',
        fullText: 'fts4',
      },
      connections: 1,
      acquire: async () => connection,
      release: async () => undefined,
      openShadow: () => storageInMemory({ waitTimeoutMs: options.waitTimeoutMs }),
      close: () => connection.close(),
    },
    options,
  )
}
