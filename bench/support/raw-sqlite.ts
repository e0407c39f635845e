/** The same rows in a bare sql.js database, without anything of ours around it: the best that a hand-written statement can do. */
import initSqlJs, { type Database } from 'sql.js'
import type { Storage } from '../../src/storage/storage.ts'

type RawValue = string | number | Uint8Array | null

/** Copies tables, indexes and rows; raw payloads, which no list reads, are left out, and so is the search with its triggers. It is not analysed. */
export async function rawCopy(storage: Storage): Promise<Database> {
  const SQL = await initSqlJs()
  const raw = new SQL.Database()
  const { rows: objects } = await storage.query<{ readonly type: string; readonly name: string; readonly sql: string }>({
    sql: `
      select type, name, sql from sqlite_schema
      where type in ('table', 'index') and sql is not null and name not like 'sqlite_%' and tbl_name not like 'search\\_%' escape '\\'
      order by type desc`,
  })
  for (const { sql } of objects) raw.run(sql)
  for (const { name } of objects.filter((object) => object.type === 'table' && object.name !== 'payloads')) {
    const { rows } = await storage.query<Record<string, unknown>>({ sql: `select * from ${name}` })
    const columns = Object.keys(rows[0] ?? {})
    if (columns.length === 0) continue
    raw.run('begin')
    const insert = raw.prepare(`insert into ${name} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
    for (const row of rows) insert.run(columns.map((column) => toRaw(row[column])))
    insert.free()
    raw.run('commit')
  }
  return raw
}

function toRaw(value: unknown): RawValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array) return value
  return typeof value === 'boolean' ? Number(value) : JSON.stringify(value)
}
