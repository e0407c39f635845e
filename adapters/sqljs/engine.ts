/** One open sql.js database: runs a statement, a control command, and maps what SQLite says to our errors. */
import type { Database } from 'sql.js'
import { TidemarkError } from '../../src/errors.ts'
import type { BoundValue } from '../../src/storage/parameter.ts'
import { sqliteError } from '../../src/storage/sqlite/errors.ts'
import type { QueryResult } from '../../src/storage/storage.ts'
import { execute } from './execute.ts'
import { PreparedStatements } from './prepared.ts'

const counted = new Set(['insert', 'replace', 'update', 'delete'])

export class Engine {
  readonly #database: Database
  readonly #statements: PreparedStatements

  constructor(database: Database) {
    this.#database = database
    this.#statements = new PreparedStatements(database)
  }

  execute(sql: string, values: readonly BoundValue[]): QueryResult {
    return mapped(sql, () => {
      const { prepared, rows } = execute(this.#statements, sql, values)
      const { verb, changesSchema } = prepared.text
      if (changesSchema) this.#statements.clear()
      return { rows, affectedRows: counted.has(verb) ? this.#database.getRowsModified() : 0 }
    })
  }

  /** Whether the statement may change the database. */
  writes(sql: string): boolean {
    return mapped(sql, () => this.#statements.get(sql).text.writes)
  }

  begin(sql: string, foreignKeys: 'enforced' | 'suspended'): void {
    try {
      if (foreignKeys === 'suspended') this.#control('pragma foreign_keys = off')
      this.#control(sql)
    } catch (error) {
      this.#database.run('pragma foreign_keys = on')
      throw error
    }
  }

  commit(): void {
    this.#control('commit')
    this.#control('pragma foreign_keys = on')
  }

  rollback(): void {
    try {
      this.#control('rollback')
    } catch {
      // SQLite has rolled back by itself (out of memory, for example): nothing is open any more.
    }
    this.#statements.clear()
    this.#control('pragma foreign_keys = on')
  }

  close(): void {
    this.#database.close()
  }

  #control(sql: string): void {
    mapped(sql, () => this.#database.run(sql))
  }
}

function mapped<T>(sql: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof TidemarkError ? error : sqliteError(error, sql)
  }
}
