/** A PostgreSQL server as a storage: options, opening, closing. What a connection does is in `connection.ts`. */
import type pg from 'pg'
import { TidemarkError, systemCode } from '../../src/errors.ts'
import { type ConnectionStorageOptions, createConnectionStorage, defaultWaitTimeoutMs } from '../../src/storage/connection-storage.ts'
import { postgresError } from '../../src/storage/postgres/errors.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { type ConnectionPool, createConnectionPool } from './pool.ts'
import { shadowPool } from './shadow.ts'
import { type TlsSettings, TlsSettingError, tlsSettings } from './tls.ts'

/** Which server it is, and how long anything may take there. */
export interface PostgresOptions extends ConnectionStorageOptions {
  /**
   * `postgres://user:password@host:5432/database`, with these parameters as libpq has them: `sslmode` (`disable`,
   * `prefer`, `require`, `verify-ca`, `verify-full`; default `prefer`), `sslrootcert` (a file, or `system`), `sslcert`,
   * `sslkey`, `sslnegotiation`, `options`, `application_name`. Over a network that others share use `verify-full`: up to
   * `require` nobody checks who answers. What the URL leaves out is taken from `PGSSLMODE` and its like.
   */
  readonly url: string
  /** The most connections that are open at a time. Default 10. */
  readonly connections?: number | undefined
  /**
   * How long a statement may run before it fails with `storage_busy`; 0 for as long as it takes. Default what the role, the
   * database or the URL says, which is 0 as a rule: migrations and figures over everything take long.
   */
  readonly statementTimeoutMs?: number | undefined
  /** How long a statement may wait for a lock before it fails with `storage_busy`; 0 for ever. Default what the role, the database or the URL says, else `waitTimeoutMs`. */
  readonly lockTimeoutMs?: number | undefined
  /**
   * How long a transaction may do nothing before the server ends its connection, and with it the locks that it holds; 0
   * for ever. Default what the role, the database or the URL says, else 300 000: whoever does nothing for so long hangs.
   */
  readonly idleTransactionTimeoutMs?: number | undefined
  /**
   * Prepares statements that repeat outside transactions under a name. Default false: the server then plans some of them
   * without their values, which makes most questions faster and a few of them several times slower. Not behind a pooler
   * that mixes sessions and does not follow names.
   */
  readonly preparedStatements?: boolean | undefined
  /**
   * Sets `tidemark.customer_id` on each connection: a role that owns no table sees and writes the rows of this customer
   * only. It guards against mistakes, and means nothing to owners and superusers. Not behind a pooler that mixes sessions.
   */
  readonly customerId?: number | undefined
}

/**
 * Opens a pool on a PostgreSQL database and proves with one connection that it answers.
 *
 * A connection that the server ends is replaced by the next statement; the statement that was running fails with
 * `storage_unavailable` and is not run again, since nobody knows whether it was done. A transaction whose signal aborts
 * has its running statement cancelled on the server.
 *
 * @throws TidemarkError `engine_missing` when `pg` is not installed, `storage_open_failed`; the URL is never in the text
 * @throws RangeError for a number that is none of its kind
 *
 * @example
 * const storage = await postgres({ url: 'postgres://tidemark@db.example.com/tidemark?sslmode=verify-full', statementTimeoutMs: 30_000 })
 */
export async function postgres(options: PostgresOptions): Promise<Storage> {
  const connections = options.connections ?? 10
  if (!Number.isSafeInteger(connections) || connections < 1) throw new RangeError('connections has to be a whole number from 1')
  const session = sessionSettings(options)
  const tls = await settingsOf(options.url)
  const driver = await loadDriver()
  const openPool = (size: number, ...settings: readonly string[]): Promise<ConnectionPool> =>
    firstThatAnswers(tls, (url, encryption) =>
      createConnectionPool(driver, { url, encryption, negotiation: tls.negotiation, connections: size, session: settings.join('; '), prepare: options.preparedStatements ?? false }),
    )
  const storageOn = (pool: ConnectionPool, size: number): Storage =>
    createConnectionStorage(
      {
        name: 'postgres',
        dialect: 'postgres',
        capabilities: { transactionalDdl: true, durable: true, concurrentStatements: size > 1, sharedWriters: true, fullText: 'tsvector' },
        connections: size,
        acquire: () => pool.acquire().catch((error: unknown) => {
          throw connectError(error)
        }),
        release: async (connection, broken) => pool.release(connection, broken),
        openShadow: async () => storageOn(await shadowPool((searchPath) => openPool(1, session, searchPath)), 1),
        close: () => pool.end(),
      },
      options,
    )
  return storageOn(await openPool(connections, session), connections)
}

function sessionSettings(options: PostgresOptions): string {
  const number = (name: keyof PostgresOptions, value: unknown, least: number): number => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= (least === 0 ? 2_147_483_647 : Number.MAX_SAFE_INTEGER)) return value
    throw new RangeError(`${name} has to be a whole number from ${least}`)
  }
  const { waitTimeoutMs = defaultWaitTimeoutMs, statementTimeoutMs, lockTimeoutMs, idleTransactionTimeoutMs, customerId } = options
  const set = (setting: string, value: number): string => `set ${setting} to '${value}'`
  // What the role, the database or the URL says is kept.
  const setDefault = (setting: string, value: number): string => `select set_config('${setting}', '${value}', false) where current_setting('${setting}') = '0'`
  return [
    // Days are cut by UTC on every engine.
    `set timezone to 'UTC'`,
    `set datestyle to 'ISO'`,
    ...(statementTimeoutMs === undefined ? [] : [set('statement_timeout', number('statementTimeoutMs', statementTimeoutMs, 0))]),
    lockTimeoutMs === undefined ? setDefault('lock_timeout', number('waitTimeoutMs', waitTimeoutMs, 0)) : set('lock_timeout', number('lockTimeoutMs', lockTimeoutMs, 0)),
    idleTransactionTimeoutMs === undefined
      ? setDefault('idle_in_transaction_session_timeout', 300_000)
      : set('idle_in_transaction_session_timeout', number('idleTransactionTimeoutMs', idleTransactionTimeoutMs, 0)),
    ...(customerId === undefined ? [] : [set('tidemark.customer_id', number('customerId', customerId, 1))]),
  ].join('; ')
}

async function settingsOf(text: string): Promise<TlsSettings> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) throw openError('It is not a URL that begins with "postgres://".')
  return tlsSettings(url, process.env).catch((error: unknown) => {
    throw error instanceof TlsSettingError ? openError(error.message) : error
  })
}

async function loadDriver(): Promise<typeof pg> {
  const { default: driver } = await import('pg').catch((cause: unknown) => {
    throw new TidemarkError('engine_missing', 'Cannot open a PostgreSQL database', {
      why: 'The package "pg" is not installed.',
      next: 'Run `npm install pg`, then try again.',
      cause,
    })
  })
  return driver
}

/** One pool for each way of encryption that may be tried, until a connection stands. */
async function firstThatAnswers({ url, attempts }: TlsSettings, create: (url: string, encryption: TlsSettings['attempts'][number]) => ConnectionPool): Promise<ConnectionPool> {
  let failure: unknown
  for (const encryption of attempts) {
    let pool: ConnectionPool | undefined
    try {
      pool = create(url, encryption)
      pool.release(await pool.acquire(), false)
      return pool
    } catch (error) {
      failure = error
      await pool?.end()
      if (!mayWorkUnencrypted(error)) break
    }
  }
  const mapped = connectError(failure)
  if (failure instanceof URIError) throw openError('The URL cannot be read.', mapped)
  // The server's "no" to encryption comes without a code.
  const refused = attempts.every((encryption) => encryption !== false) && systemCode(failure) === undefined
  throw openError(refused ? 'The server does not encrypt, or hung up.' : mapped.why, mapped)
}

/** As libpq sees it: no agreement on encryption, or a server that lets this user in only without it. */
function mayWorkUnencrypted(error: unknown): boolean {
  const code = systemCode(error)
  return code === undefined || code === '28000' || !(/^[0-9A-Z]{5}$/.test(code) || /^E(?:CONN|NOTFOUND|AI_|HOST|NET|TIMEDOUT)/.test(code))
}

function connectError(error: unknown): TidemarkError {
  return postgresError('Cannot connect to PostgreSQL', error)
}

function openError(why: string, cause?: unknown): TidemarkError {
  return new TidemarkError('storage_open_failed', 'Cannot open the PostgreSQL database', {
    why,
    next: 'Check the host, the database, the user and the password of the URL, and that the server is up.',
    cause,
  })
}
