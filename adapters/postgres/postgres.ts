/** A PostgreSQL server through a `pg` pool: binds values, runs, decodes rows, maps errors. */
import type { Pool, PoolClient } from 'pg'
import { TidemarkError } from '../../src/errors.ts'
import { type ConnectionStorageOptions, createConnectionStorage } from '../../src/storage/connection-storage.ts'
import type { Connection } from '../../src/storage/driver.ts'
import type { BoundValue } from '../../src/storage/parameter.ts'
import { postgresError } from '../../src/storage/postgres/errors.ts'
import { postgresDecoder, postgresParameter } from '../../src/storage/postgres/values.ts'
import type { QueryResult, Row, Storage } from '../../src/storage/storage.ts'

export interface PostgresOptions extends ConnectionStorageOptions {
  /** `postgres://user:password@host:5432/database`, with `?sslmode=…` and the like as libpq has them. */
  readonly url: string
  /** The most connections that are open at a time. Default 10. */
  readonly connections?: number | undefined
}

/**
 * Opens a pool on a PostgreSQL database and proves with one connection that it answers.
 *
 * @throws TidemarkError `engine_missing` when `pg` is not installed, `storage_open_failed`; the URL is never in the text
 */
export async function postgres(options: PostgresOptions): Promise<Storage> {
  const connections = options.connections ?? 10
  const pool = await createPool(options.url, connections)
  const clients = new WeakMap<Connection, PoolClient>()
  const acquire = async (what: string): Promise<Connection> => {
    try {
      const client = await pool.connect()
      const connection = postgresConnection(client)
      clients.set(connection, client)
      return connection
    } catch (error) {
      throw postgresError(what, error)
    }
  }
  const release = async (connection: Connection, broken: boolean): Promise<void> => clients.get(connection)?.release(broken)
  const first = await acquire('Cannot connect to PostgreSQL.').catch(async (error: unknown) => {
    await pool.end()
    throw openError(error instanceof TidemarkError ? error.why : 'The URL cannot be read.', error)
  })
  await release(first, false)
  return createConnectionStorage(
    {
      name: 'postgres',
      dialect: 'postgres',
      capabilities: { transactionalDdl: true, durable: true, concurrentStatements: true, sharedWriters: true, fullText: 'tsvector' },
      connections,
      acquire: () => acquire('Cannot connect to PostgreSQL.'),
      release,
      close: () => pool.end(),
    },
    options,
  )
}

async function createPool(url: string, connections: number): Promise<Pool> {
  if (!['postgres:', 'postgresql:'].includes(protocolOf(url))) throw openError('It is not a URL that begins with "postgres://".')
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw new TidemarkError('engine_missing', 'Cannot open a PostgreSQL database.', {
      why: 'The package "pg" is not installed.',
      next: 'Run `npm install pg`, then try again.',
      cause,
    })
  })
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: 'tidemark',
    connectionTimeoutMillis: 15_000,
    types: { getTypeParser: (oid: number) => postgresDecoder(oid) },
    // Days are cut by UTC on every engine.
    onConnect: async (client) => {
      await client.query(`set timezone to 'UTC'; set datestyle to 'ISO'`)
    },
  })
  // A connection that dies is noticed by the next statement on it; without listeners it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Empty for a text that is no URL. The error of `URL` is dropped: it holds the text, and with it the password. */
function protocolOf(url: string): string {
  try {
    return new URL(url).protocol
  } catch {
    return ''
  }
}

function openError(why: string, cause?: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', 'Cannot open the PostgreSQL database.', {
    why,
    next: 'Check the host, the database, the user and the password of the URL, and that the server is up.',
    cause,
  })
}

function postgresConnection(client: PoolClient): Connection {
  const run = async (sql: string, values: readonly BoundValue[]): Promise<QueryResult> => {
    try {
      // The extended protocol takes one statement only, also when there are no values.
      const query = { text: sql, values: values.map(postgresParameter), queryMode: 'extended' }
      const result = await client.query<Row>(query)
      return { rows: result.rows, affectedRows: counted.has(result.command) ? (result.rowCount ?? 0) : 0 }
    } catch (error) {
      throw postgresError('Cannot run the statement on PostgreSQL.', error, sql)
    }
  }
  const control = async (sql: string): Promise<void> => {
    await run(sql, [])
  }
  return { run, begin: () => control('begin'), commit: () => control('commit'), rollback: () => control('rollback') }
}

const counted = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])
