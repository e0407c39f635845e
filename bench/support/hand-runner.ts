/**
 * Runs hand-written statements over the rows of an account: on SQLite as prepared statements of a bare sql.js database with the
 * same rows; on PostgreSQL through the storage, whose share is small there.
 */
import type { Storage } from '../../src/storage/storage.ts'
import { rawCopy } from './raw-sqlite.ts'

export interface HandStatement {
  readonly sql: string
  readonly parameters?: readonly (string | number)[] | undefined
}

export type HandRow = Readonly<Record<string, unknown>>
export type HandRunner = (statement: HandStatement) => Promise<readonly HandRow[]>

export async function handRunner(storage: Storage): Promise<HandRunner> {
  if (storage.dialect === 'postgres') return async (statement) => (await storage.query<HandRow>(statement)).rows
  const raw = await rawCopy(storage)
  const prepared = new Map<string, ReturnType<typeof raw.prepare>>()
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
