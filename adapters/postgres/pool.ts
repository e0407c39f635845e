/** The pool of `pg`, set up: what each new connection is told, and which of them are still alive. */
import type pg from 'pg'
import type { Client, Pool, PoolClient } from 'pg'
import type { Connection } from '../../src/storage/driver.ts'
import { postgresDecoder } from '../../src/storage/postgres/values.ts'
import { cancelRunning } from './cancel-request.ts'
import { postgresConnection } from './connection.ts'
import type { Encryption } from './tls.ts'

export interface PoolSettings {
  readonly url: string
  readonly encryption: Encryption
  readonly negotiation: 'postgres' | 'direct'
  readonly connections: number
  readonly prepare: boolean
  /** Run on each new connection, with `;` between them. */
  readonly session: string
}

export interface ConnectionPool {
  acquire(): Promise<Connection>
  release(connection: Connection, broken: boolean): void
  end(): Promise<void>
}

/** After so long a connection may have ended without anybody having looked. Milliseconds. */
const idleLong = 1_000

interface Known {
  readonly client: PoolClient
  readonly connection: Connection
  /** The last error that was no answer to a statement: it ended the connection. */
  lostBy: unknown
  idleSince: number
}

export function createConnectionPool(driver: typeof pg, settings: PoolSettings): ConnectionPool {
  const { encryption, negotiation } = settings
  const pool: Pool = new driver.Pool({
    connectionString: settings.url,
    ssl: encryption,
    sslnegotiation: negotiation,
    max: settings.connections,
    application_name: 'tidemark',
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    types: { getTypeParser: (oid: number) => postgresDecoder(oid) },
    onConnect: async (client) => {
      await client.query(settings.session)
    },
  })
  const byClient = new WeakMap<Client, Known>()
  const byConnection = new WeakMap<Connection, Known>()
  const sslOptions = { ssl: encryption, sslNegotiation: negotiation }

  // A connection that dies is noticed by the next statement on it; without listeners it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    const connection = postgresConnection({
      client,
      prepare: settings.prepare,
      cancel: () => cancelRunning(client, () => new driver.Connection(sslOptions), negotiation),
      lostBy: () => known.lostBy,
    })
    const known: Known = { client, connection, lostBy: undefined, idleSince: performance.now() }
    client.on('error', (error) => (known.lostBy ??= error))
    byClient.set(client, known)
    byConnection.set(connection, known)
  })

  return {
    async acquire() {
      for (;;) {
        const client = await pool.connect()
        const known = byClient.get(client)
        if (known === undefined) throw new TypeError('A connection is unknown to its own pool')
        // One turn of the event loop, so that what the server sent while nobody looked is read before anything is sent.
        if (performance.now() - known.idleSince > idleLong) await new Promise((resolve) => setImmediate(resolve))
        if (known.lostBy === undefined) return known.connection
        client.release(true)
      }
    },
    release(connection, broken) {
      const known = byConnection.get(connection)
      if (known === undefined) return
      known.idleSince = performance.now()
      known.client.release(broken)
    },
    end: () => pool.end(),
  }
}
