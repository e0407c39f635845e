/**
 * An empty database on a PostgreSQL server, for trying things out: a schema with a name of its own beside the others of
 * the database. It goes when its storage is closed; that of a process that was killed stays, under the same beginning.
 */
import { TidemarkError } from '../../src/errors.ts'
import type { ConnectionPool } from './pool.ts'

const prefix = 'tidemark_shadow_'

/**
 * A pool whose `end` drops the schema.
 *
 * @param open makes a pool that runs this on each new connection, after everything else
 * @throws TidemarkError `storage_open_failed` when the role may not make a schema
 */
export async function shadowPool(open: (session: string) => Promise<ConnectionPool>): Promise<ConnectionPool> {
  const schema = prefix + crypto.randomUUID().replaceAll('-', '')
  const pool = await open(`set search_path to ${schema}`)
  const run = async (sql: string): Promise<void> => {
    const connection = await pool.acquire()
    try {
      await connection.run(sql, [])
    } finally {
      pool.release(connection, false)
    }
  }
  try {
    await run(`create schema ${schema}`)
  } catch (cause) {
    await pool.end()
    throw new TidemarkError('storage_open_failed', 'Cannot make a schema for trying things out', {
      why: 'The server refused it to this role.',
      next: 'Grant it with `grant create on database … to …`, or use a database and a role that may.',
      cause,
    })
  }
  return {
    ...pool,
    end: async () => {
      try {
        await run(`drop schema if exists ${schema} cascade`)
      } finally {
        await pool.end()
      }
    },
  }
}
