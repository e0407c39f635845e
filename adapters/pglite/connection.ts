/** The one connection of a PGlite: binds values, runs, decodes rows, maps errors. */
import type { Connection } from '../../src/storage/driver.ts'
import type { BoundValue } from '../../src/storage/parameter.ts'
import { postgresError } from '../../src/storage/postgres/errors.ts'
import { decodedOids, postgresDecoder, postgresParameter } from '../../src/storage/postgres/values.ts'
import type { QueryResult, Row } from '../../src/storage/storage.ts'
import { stoppedError } from './errors.ts'
import { EngineStopped } from './stop-on-abort.ts'

/** The part of a `PGlite` that is used. */
export interface PgliteEngine {
  readonly parsers: Record<number | string, (text: string) => unknown>
  query<R>(sql: string, parameters: unknown[], options: { readonly serializers: Record<number, (value: unknown) => string> }): Promise<{
    readonly rows: R[]
    readonly affectedRows?: number
  }>
  close(): Promise<void>
}

export interface PgliteConnection extends Connection {
  /** Ends what would happen later by itself; the engine stays open. */
  stop(): void
}

// Values are text already; PGlite would refuse some of them for the type it finds.
const textSerializers: Record<number, (value: unknown) => string> = new Proxy({}, { get: () => String })

/** `flushAfterMs`: how long commits may wait to be flushed together; 0 where the engine flushes each, or has no disk. */
export function pgliteConnection(engine: PgliteEngine, flushAfterMs: number): PgliteConnection {
  // Its own parsers give Date and arrays; the port gives text where a type has no form of its own.
  for (const oid of Object.keys(engine.parsers)) engine.parsers[oid] = (text) => text
  for (const oid of decodedOids()) engine.parsers[oid] = postgresDecoder(oid)

  let flush: ReturnType<typeof setTimeout> | undefined
  let inTransaction = false
  const flushSoon = (): void => {
    if (flushAfterMs === 0 || inTransaction) return
    flush ??= setTimeout(() => {
      flush = undefined
      // A disk that refuses it refuses the next commit as well, whose caller learns of it. In a transaction, its end flushes.
      if (!inTransaction) engine.query(flushCommits, [], { serializers: textSerializers }).catch(() => undefined)
    }, flushAfterMs)
  }

  const run = async (sql: string, values: readonly BoundValue[]): Promise<QueryResult> => {
    try {
      const result = await engine.query<Row>(sql, values.map(postgresParameter), { serializers: textSerializers })
      return { rows: result.rows, affectedRows: result.affectedRows ?? 0 }
    } catch (error) {
      throw error instanceof EngineStopped ? stoppedError(error.cause, flushAfterMs === 0 ? 'all' : 'flushed') : postgresError('Cannot run the statement on PGlite', error, sql)
    } finally {
      flushSoon()
    }
  }
  const end = async (sql: 'commit' | 'rollback'): Promise<void> => {
    try {
      await run(sql, [])
    } finally {
      inTransaction = false
      flushSoon()
    }
  }
  return {
    run,
    begin: async () => {
      inTransaction = true
      await run('begin', [])
    },
    commit: () => end('commit'),
    rollback: () => end('rollback'),
    stop: () => clearTimeout(flush),
  }
}

// PGlite has no process in the background that would do this. The message says nothing; it is there to be flushed, with all before it.
const flushCommits = `select pg_logical_emit_message(false, 'tidemark', '', true) where pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn()`
