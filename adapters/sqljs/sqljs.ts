/** SQLite as WebAssembly, in memory or on a file: binds values, runs, decodes rows, maps errors. */
import initSqlJs, { type Database, type SqlJsStatic, type SqlValue } from 'sql.js'
import { TidemarkError } from '../../src/errors.ts'
import { type Connection, type ConnectionStorageOptions, type ForeignKeys, createConnectionStorage } from '../../src/storage/connection-storage.ts'
import type { BoundValue } from '../../src/storage/parameter.ts'
import { sqliteError } from '../../src/storage/sqlite/errors.ts'
import { replacePlaceholders } from '../../src/storage/sqlite/statement-text.ts'
import { integerFromBigInt } from '../../src/storage/sqlite/values.ts'
import type { QueryResult, Row, Storage } from '../../src/storage/storage.ts'
import { type DatabaseFile, openDatabaseFile } from './database-file.ts'
import { type Column, type Prepared, PreparedStatements } from './prepared.ts'

export interface SqljsOptions extends ConnectionStorageOptions {
  /** Path of an ordinary SQLite 3 file; made by the first commit. Its folder must exist. Left out: memory only. */
  readonly file?: string | undefined
}

/**
 * Opens SQLite in memory, or on a file that is written whole and atomically with each commit.
 *
 * @throws TidemarkError `storage_open_failed` when the file is no SQLite database, is held open by another program in
 * the middle of its work, or its folder does not exist; the file is left as it is
 */
export async function sqljs(options: SqljsOptions = {}): Promise<Storage> {
  engine ??= initSqlJs()
  const sql = await engine
  const file = options.file === undefined ? undefined : await openDatabaseFile(options.file)
  const connection = new SqljsConnection(sql, file)
  await connection.refresh()
  return createConnectionStorage(
    {
      name: 'sqljs',
      dialect: 'sqlite',
      capabilities: {
        transactionalDdl: true,
        durable: file !== undefined,
        concurrentStatements: false,
        sharedWriters: false,
        fullText: 'fts4',
      },
      connections: 1,
      acquire: async () => connection,
      release: async () => undefined,
      close: async () => connection.close(),
    },
    options,
  )
}

let engine: Promise<SqlJsStatic> | undefined

interface Loaded {
  readonly database: Database
  readonly statements: PreparedStatements
}

class SqljsConnection implements Connection {
  readonly #sql: SqlJsStatic
  readonly #file: DatabaseFile | undefined
  #open: Loaded | undefined
  #inTransaction = false
  /** Something was written since the file was. */
  #unsaved = false

  constructor(sql: SqlJsStatic, file: DatabaseFile | undefined) {
    this.#sql = sql
    this.#file = file
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<QueryResult> {
    if (!this.#inTransaction) await this.refresh()
    const result = this.#execute(sql, values)
    if (!this.#inTransaction) await this.#save()
    return result
  }

  async begin(foreignKeys: ForeignKeys): Promise<void> {
    await this.refresh()
    if (foreignKeys === 'suspended') this.#control('pragma foreign_keys = off')
    this.#control('begin')
    this.#inTransaction = true
  }

  async commit(): Promise<void> {
    this.#control('commit')
    this.#ended()
    await this.#save()
  }

  async rollback(): Promise<void> {
    if (!this.#inTransaction) return
    try {
      this.#control('rollback')
    } catch {
      // SQLite has rolled back by itself (disk full, out of memory): nothing is open any more.
    }
    this.#open?.statements.clear()
    this.#unsaved = false
    this.#ended()
  }

  /** Loads the file when what is in memory is not what is in the file. */
  async refresh(): Promise<void> {
    if (this.#open !== undefined && (this.#file === undefined || this.#file.isCurrent())) return
    const database = await load(this.#sql, this.#file)
    this.#open?.database.close()
    this.#open = { database, statements: new PreparedStatements(database) }
  }

  close(): void {
    this.#open?.database.close()
    this.#open = undefined
  }

  #ended(): void {
    this.#inTransaction = false
    this.#control('pragma foreign_keys = on')
  }

  #control(sql: string): void {
    try {
      this.#loaded().database.run(sql)
    } catch (error) {
      throw sqliteError(error, sql)
    }
  }

  #loaded(): Loaded {
    if (this.#open === undefined) throw new Error('The database is not loaded')
    return this.#open
  }

  async #save(): Promise<void> {
    if (!this.#unsaved || this.#file === undefined || this.#open === undefined) return
    this.#unsaved = false
    try {
      await this.#file.write(this.#open.database.export())
    } catch (error) {
      // Memory is ahead of the file now; the next use loads the file again.
      this.close()
      throw error
    }
  }

  #execute(sql: string, values: readonly BoundValue[]): QueryResult {
    const { database, statements } = this.#loaded()
    try {
      const prepared = preparedFor(statements, sql, values)
      const rows = rowsOf(prepared, values.map(sqliteValue))
      const { verb, writes, changesSchema } = prepared.text
      if (changesSchema) statements.clear()
      this.#unsaved ||= writes
      return { rows, affectedRows: counted.has(verb) ? database.getRowsModified() : 0 }
    } catch (error) {
      throw error instanceof TidemarkError ? error : sqliteError(error, sql)
    }
  }
}

const counted = new Set(['insert', 'replace', 'update', 'delete'])

async function load(sql: SqlJsStatic, file: DatabaseFile | undefined): Promise<Database> {
  const bytes = await file?.read()
  const database = new sql.Database(bytes)
  try {
    database.run('pragma locking_mode = exclusive; pragma journal_mode = memory; pragma synchronous = off; pragma temp_store = memory; pragma foreign_keys = on')
    database.exec('select count(*) from sqlite_schema')
    return database
  } catch (error) {
    database.close()
    throw file === undefined ? error : file.unreadable(error)
  }
}

/** sql.js binds an integer of more than 32 bits as a double and a bigint as text; a cast makes them integers. */
function preparedFor(statements: PreparedStatements, sql: string, values: readonly BoundValue[]): Prepared {
  const plain = statements.get(sql)
  const { placeholders, foreignPlaceholder } = plain.text
  if (foreignPlaceholder || placeholders.length !== values.length) throw placeholderError(placeholders.length, values.length, foreignPlaceholder)
  const wide = placeholders.filter((_, index) => isWideInteger(values[index]))
  return wide.length === 0 ? plain : statements.get(replacePlaceholders(sql, wide, 'cast(? as integer)'))
}

function isWideInteger(value: BoundValue | undefined): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && (value | 0) !== value && Number.isSafeInteger(value))
}

function sqliteValue(value: BoundValue): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  return isWideInteger(value) || typeof value === 'bigint' ? String(value) : value
}

function placeholderError(expected: number, given: number, foreign: boolean): TidemarkError {
  return new TidemarkError('statement_failed', 'Cannot run the statement on SQLite.', {
    why: foreign ? 'It has placeholders other than `?`.' : `It has ${expected} placeholders, and ${given} parameters were given.`,
    next: 'Write each parameter as `?` and give one value for each.',
  })
}

function rowsOf({ statement, columns }: Prepared, values: SqlValue[]): readonly Row[] {
  const rows: Row[] = []
  try {
    statement.bind(values)
    while (statement.step()) if (columns.length > 0) rows.push(rowOf(statement, columns))
    return rows
  } finally {
    statement.reset()
  }
}

/** What the published types of sql.js leave out. */
interface StatementWithBigInt {
  get(parameters?: null, config?: { readonly useBigInt: true }): readonly unknown[]
}

function rowOf(statement: StatementWithBigInt, columns: readonly Column[]): Row {
  const values = statement.get()
  const row: Row = {}
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index]
    let value = values[index]
    if (typeof value === 'number' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER)) value = exact(statement, index, value)
    if (column !== undefined) row[column.name] = column.decode === undefined || value === null ? value : column.decode(value)
  }
  return row
}

/** The integer in full where a double cannot hold it. */
function exact(statement: StatementWithBigInt, index: number, value: number): unknown {
  const full = statement.get(null, { useBigInt: true })[index]
  return typeof full === 'bigint' ? integerFromBigInt(full) : value
}
