/** One connection to a PostgreSQL server: binds values, runs, decodes rows, maps errors, knows what is prepared. */
import type { PoolClient, QueryResult as PgResult } from 'pg'
import { isTidemarkError } from '../../src/errors.ts'
import type { Connection } from '../../src/storage/driver.ts'
import type { BoundValue } from '../../src/storage/parameter.ts'
import { postgresError } from '../../src/storage/postgres/errors.ts'
import { postgresParameter } from '../../src/storage/postgres/values.ts'
import type { QueryResult, Row } from '../../src/storage/storage.ts'
import { StatementNames } from './statement-names.ts'

export interface ConnectionParts {
  readonly client: PoolClient
  /** False: no statement gets a name. */
  readonly prepare: boolean
  /** Asks the server to cancel what runs. */
  readonly cancel: () => Promise<void>
  /** What ended the connection, when it has ended. */
  readonly lostBy: () => unknown
}

/** Lives as long as its client, in and out of the pool. */
export function postgresConnection({ client, prepare, cancel, lostBy }: ConnectionParts): Connection {
  const names = new StatementNames()
  let inTransaction = false

  const send = async (text: string, values: readonly BoundValue[], name?: string): Promise<PgResult<Row>> => {
    // The extended protocol takes one statement only, also when there are no values.
    const query = { text, values: values.map(postgresParameter), queryMode: 'extended', ...(name === undefined ? {} : { name }) }
    try {
      return await client.query<Row>(query)
    } catch (error) {
      throw postgresError('Cannot run the statement on PostgreSQL', lostBy() ?? error, text)
    }
  }

  const run = async (sql: string, values: readonly BoundValue[]): Promise<QueryResult> => {
    // Not in a transaction, which a statement prepared for an older schema would spoil.
    const name = prepare && !inTransaction ? names.nameOf(sql) : undefined
    const result = await send(sql, values, name).catch((error: unknown) => {
      if (name === undefined || !canBeStale(error)) throw error
      names.forget()
      // What failed outside a transaction has changed nothing.
      return send(sql, values)
    })
    return { rows: result.rows, affectedRows: counted.has(result.command) ? (result.rowCount ?? 0) : 0 }
  }

  const control = (sql: string, opens: boolean) => async (): Promise<void> => {
    await send(sql, [])
    inTransaction = opens
  }
  const [commit, rollback] = [control('commit', false), control('rollback', false)]
  const snapshot = async <T>(read: () => Promise<T>): Promise<T> => {
    await send('begin isolation level repeatable read read only', [])
    inTransaction = true
    try {
      return await read()
    } finally {
      // Ends it just as well as a commit, also after a failed read.
      await rollback()
    }
  }
  return { run, begin: control('begin', true), commit, rollback, snapshot, cancel }
}

const counted = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/** A statement prepared for other columns or types fails in these classes: feature, data, syntax and names. */
function canBeStale(error: unknown): boolean {
  return isTidemarkError(error) && /^(?:0A|22|42)/.test(String(error.details['sqlState']))
}
