/**
 * The one connection of a sql.js database. In memory it is just SQLite. On a file it keeps this invariant: what memory
 * holds outside a transaction is what the file holds. A commit counts only once the file is written; if that fails, or
 * another process has written the file, memory is thrown away and loaded again.
 */
import type { Database, SqlJsStatic } from 'sql.js'
import { TidemarkError } from '../../src/errors.ts'
import type { BeginOptions, Connection } from '../../src/storage/driver.ts'
import type { BoundValue } from '../../src/storage/parameter.ts'
import { sqliteError } from '../../src/storage/sqlite/errors.ts'
import type { QueryResult } from '../../src/storage/storage.ts'
import type { DatabaseFile } from './database-file.ts'
import { execute } from './execute.ts'
import { PreparedStatements } from './prepared.ts'

interface Loaded {
  readonly database: Database
  readonly statements: PreparedStatements
}

const counted = new Set(['insert', 'replace', 'update', 'delete'])

export class SqljsConnection implements Connection {
  readonly #engine: SqlJsStatic
  readonly #file: DatabaseFile | undefined
  #loaded: Loaded | undefined
  #inTransaction = false
  /** Something was written that the file does not have. */
  #unsaved = false

  constructor(engine: SqlJsStatic, file: DatabaseFile | undefined) {
    this.#engine = engine
    this.#file = file
  }

  async run(sql: string, values: readonly BoundValue[]): Promise<QueryResult> {
    if (this.#inTransaction) return this.#execute(sql, values)
    const { statements } = await this.load()
    if (this.#file === undefined || !mapped(sql, () => statements.get(sql).text.writes)) return this.#execute(sql, values)
    return this.#locked(async () => {
      const result = this.#execute(sql, values)
      await this.#save()
      return result
    })
  }

  async begin({ foreignKeys, signal }: BeginOptions): Promise<void> {
    await this.#lock(signal)
    try {
      await this.load()
      if (foreignKeys === 'suspended') this.#control('pragma foreign_keys = off')
      this.#control('begin')
      this.#inTransaction = true
    } catch (error) {
      this.#loaded?.database.run('pragma foreign_keys = on')
      this.#file?.unlock()
      throw error
    }
  }

  async commit(): Promise<void> {
    this.#control('commit')
    this.#ended()
    await this.#save()
    this.#file?.unlock()
  }

  async rollback(): Promise<void> {
    if (this.#inTransaction) {
      try {
        this.#control('rollback')
      } catch {
        // SQLite has rolled back by itself (out of memory, for example): nothing is open any more.
      }
      this.#loaded?.statements.clear()
      this.#unsaved = false
      this.#ended()
    }
    this.#file?.unlock()
  }

  /** The database as the file has it now. */
  async load(): Promise<Loaded> {
    if (this.#loaded !== undefined && (this.#file === undefined || this.#file.isCurrent())) return this.#loaded
    const bytes = await this.#file?.read()
    const database = new this.#engine.Database(bytes)
    try {
      database.run('pragma locking_mode = exclusive; pragma journal_mode = memory; pragma synchronous = off; pragma temp_store = memory')
      database.run('pragma foreign_keys = on')
      database.exec('select count(*) from sqlite_schema')
    } catch (error) {
      database.close()
      throw this.#file?.unreadable(error) ?? error
    }
    this.close()
    this.#loaded = { database, statements: new PreparedStatements(database) }
    return this.#loaded
  }

  close(): void {
    this.#loaded?.database.close()
    this.#loaded = undefined
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    await this.#lock()
    try {
      await this.load()
      return await work()
    } finally {
      this.#file?.unlock()
    }
  }

  async #lock(signal?: AbortSignal): Promise<void> {
    await this.#file?.lock(signal)
  }

  async #save(): Promise<void> {
    if (!this.#unsaved || this.#file === undefined || this.#loaded === undefined) return
    this.#unsaved = false
    try {
      await this.#file.write(this.#loaded.database.export())
    } catch (error) {
      this.close()
      throw error
    }
  }

  #ended(): void {
    this.#inTransaction = false
    this.#control('pragma foreign_keys = on')
  }

  #control(sql: string): void {
    mapped(sql, () => this.#current().database.run(sql))
  }

  #execute(sql: string, values: readonly BoundValue[]): QueryResult {
    const { database, statements } = this.#current()
    return mapped(sql, () => {
      const { prepared, rows } = execute(statements, sql, values)
      const { verb, writes, changesSchema } = prepared.text
      this.#unsaved ||= writes
      if (changesSchema) statements.clear()
      return { rows, affectedRows: counted.has(verb) ? database.getRowsModified() : 0 }
    })
  }

  #current(): Loaded {
    if (this.#loaded === undefined) throw new Error('The database is not loaded')
    return this.#loaded
  }
}

function mapped<T>(sql: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof TidemarkError ? error : sqliteError(error, sql)
  }
}
