/**
 * The rows of a synced copy, put into an empty database of the same kind, with the same tables, indexes and foreign keys, by
 * statements of many rows or a prepared one, as one writes them by hand: what a sync would cost if nothing had to be read, checked, compared or recorded.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import initSqlJs from 'sql.js'
import { pglite } from '../../adapters/pglite/pglite.ts'
import { MemoryBytes } from '../../adapters/sqljs/memory-bytes.ts'
import { sqljs } from '../../adapters/sqljs/sqljs.ts'
import { openTidemark } from '../../src/mod.ts'
import { exactColumn, insertExact, type ValueText } from '../../src/storage/exact-values.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { benchCustomer } from '../support/account.ts'
import type { BenchEngine } from '../support/accounts.ts'
import { processorTime } from './processor-time.ts'

export interface TableRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly ValueText[])[]
}

/** What a sync writes, parents first. */
const tables = [
  'products', 'sections', 'features', 'feature_sections', 'user_stories', 'reject_reasons', 'users', 'tests', 'test_platforms', 'test_features',
  'bugs', 'bug_devices', 'bug_comments', 'payloads', 'search_documents', 'sync_streams',
] as const

/** The values as the engine keeps them, in the order in which it gives them. */
export async function rowsOfCopy(storage: Storage): Promise<readonly TableRows[]> {
  const content: TableRows[] = []
  for (const table of tables) content.push(await rowsOf(storage, table, await columnsOf(storage, table)))
  // The words of SQLite's full text are in a table of their own, by the row numbers of the documents.
  return storage.dialect === 'sqlite' ? [...content, await rowsOf(storage, 'search_index', ['docid', 'words'])] : content
}

async function columnsOf(storage: Storage, table: string): Promise<readonly string[]> {
  const sql = storage.dialect === 'sqlite'
    ? `select name from pragma_table_info('${table}')`
    : `select column_name as name from information_schema.columns where table_schema = current_schema() and table_name = '${table}' order by ordinal_position`
  const names = (await storage.query<{ readonly name: string }>({ sql })).rows.map(({ name }) => name)
  return storage.dialect === 'sqlite' && table === 'search_documents' ? ['rowid', ...names] : names
}

async function rowsOf(storage: Storage, table: string, columns: readonly string[]): Promise<TableRows> {
  const values = columns.map((column) => `${exactColumn(storage.dialect, column)} as ${column}`)
  const { rows } = await storage.query<Record<string, ValueText>>({ sql: `select ${values.join(', ')} from ${table}` })
  return { table, columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) }
}

/** Milliseconds of the processor for all rows in one transaction. */
export async function insertRaw(engine: BenchEngine, content: readonly TableRows[]): Promise<number> {
  return engine === 'sqljs' ? insertIntoSqlite(content) : insertIntoPostgres(content)
}

/** A bare sql.js, one prepared statement a table; of ours only what keeps the bytes, since its own array costs nearly half on top. */
async function insertIntoSqlite(content: readonly TableRows[]): Promise<number> {
  const SQL = await initSqlJs()
  const raw = new SQL.Database(new MemoryBytes(await emptyFile()))
  // As the adapter sets them.
  raw.run('pragma journal_mode = memory; pragma synchronous = off; pragma temp_store = memory; pragma cache_size = -65536; pragma foreign_keys = on')
  const took = await processorTime(async () => {
    raw.run('begin')
    for (const { table, columns, rows } of content) {
      const insert = raw.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
      for (const row of rows) insert.run([...row])
      insert.free()
    }
    raw.run('commit')
  })
  raw.close()
  return took
}

/** Statements of many rows through the storage, whose share is small there. */
async function insertIntoPostgres(content: readonly TableRows[]): Promise<number> {
  await using storage = await migrated(await pglite())
  return await processorTime(() => storage.transaction(async (tx) => {
    for (const { table, columns, rows } of content) {
      const size = Math.min(500, Math.floor(30_000 / columns.length))
      for (let from = 0; from < rows.length; from += size) await tx.query(insertExact('postgres', table, columns, rows.slice(from, from + size)))
      // Checks of foreign keys would be planned for an empty table.
      await tx.query({ sql: `analyze ${table}` })
    }
  }))
}

async function emptyFile(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-bench-'))
  try {
    const file = join(folder, 'empty.db')
    await (await migrated(await sqljs({ file }))).close()
    return await readFile(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function migrated(storage: Storage): Promise<Storage> {
  return (await openTidemark({ storage, customerId: benchCustomer })).storage
}
