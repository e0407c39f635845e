/** Puts the connection to a database file together: the file at its place, and sql.js on it. */
import { emptyDatabase, loadSqlJs, startEngine } from '../start.ts'
import { DatabaseFile } from './database-file.ts'
import { FileConnection } from './file-connection.ts'
import type { FilePlace } from './place.ts'

/**
 * @param flushAfterMs how long a commit may wait to be made durable together with others; 0: not at all
 * @throws TidemarkError `storage_open_failed`, `storage_busy`, `storage_unavailable`
 */
export async function connect(place: FilePlace, flushAfterMs: number): Promise<FileConnection> {
  const sqlJs = await loadSqlJs()
  const file = new DatabaseFile(place, () => emptyDatabase(sqlJs))
  const connection = new FileConnection({ file, start: (bytes) => startEngine(sqlJs, bytes), flushAfterMs })
  try {
    await connection.load()
  } catch (error) {
    await connection.close()
    throw error
  }
  return connection
}
