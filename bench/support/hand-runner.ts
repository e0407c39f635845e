/**
 * Runs hand-written statements over the rows of an account: on SQLite as prepared statements of a bare sql.js database with the
 * same rows; on PostgreSQL through the storage, whose share is small there.
 */
import type { Database } from 'sql.js'
import type { Storage } from '../../src/storage/storage.ts'

export interface HandStatement {
  readonly sql: string
  readonly parameters?: readonly (string | number)[] | undefined
}

export type HandRow = Readonly<Record<string, unknown>>
export type HandRunner = (statement: HandStatement) => Promise<readonly HandRow[]>

export function onStorage(storage: Storage): HandRunner {
  return async (statement) => (await storage.query<HandRow>(statement)).rows
}

export function onBareSqlite(raw: Database): HandRunner {
  raw.run('analyze')
  const prepared = new Map<string, ReturnType<Database['prepare']>>()
  return async ({ sql, parameters = [] }) => {
    const statement = prepared.get(sql) ?? raw.prepare(sql)
    prepared.set(sql, statement)
    statement.bind([...parameters])
    const rows: HandRow[] = []
    while (statement.step()) rows.push(statement.getAsObject())
    statement.reset()
    return rows
  }
}
