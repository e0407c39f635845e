/**
 * The prepared statements of one sql.js database, kept and freed in the order of last use, each with what is needed to
 * decode its rows. sql.js cannot ask SQLite for the declared type of a result column, so a temporary view over the
 * statement is asked instead: once for each text, and never left behind.
 */
import type { Database, Statement } from 'sql.js'
import { TidemarkError } from '../../src/errors.ts'
import { quoteIdentifier } from '../../src/schema/identifier.ts'
import { type Decode, decoderOf } from '../../src/storage/sqlite/values.ts'
import { type StatementText, isBlankText, readStatementText, replacePlaceholders } from '../../src/storage/sqlite/statement-text.ts'

export interface Prepared {
  readonly statement: Statement
  readonly text: StatementText
  readonly columns: readonly Column[]
}

export interface Column {
  readonly name: string
  readonly decode: Decode | undefined
}

const limit = 200
const probe = 'tidemark_declared_types'

export class PreparedStatements {
  readonly #database: Database
  readonly #kept = new Map<string, Prepared>()

  constructor(database: Database) {
    this.#database = database
  }

  get(sql: string): Prepared {
    const known = this.#kept.get(sql)
    const prepared = known ?? this.#prepare(sql)
    if (known !== undefined) this.#kept.delete(sql)
    this.#kept.set(sql, prepared)
    if (this.#kept.size > limit) this.#forgetOldest()
    return prepared
  }

  /** After a change of the schema: what was learned about columns may be wrong. */
  clear(): void {
    for (const { statement } of this.#kept.values()) statement.free()
    this.#kept.clear()
  }

  #forgetOldest(): void {
    const [oldest] = this.#kept
    if (oldest === undefined) return
    this.#kept.delete(oldest[0])
    oldest[1].statement.free()
  }

  #prepare(sql: string): Prepared {
    const text = readStatementText(sql)
    const statements = this.#database.iterateStatements(sql)
    const { value: statement, done } = statements.next()
    if (done === true) throw new Error('incomplete input')
    if (!isBlankText(statements.getRemainingSQL())) {
      statement.free()
      throw severalError()
    }
    const names = statement.getColumnNames()
    return { statement, text, columns: names.length === 0 ? [] : this.#columns(sql, text, names) }
  }

  #columns(sql: string, text: StatementText, names: readonly string[]): readonly Column[] {
    if (text.target !== undefined) {
      const declared = new Map(this.#declaredTypes(text.target).map(([name, type]) => [name.toLowerCase(), type]))
      return names.map((name) => ({ name, decode: decoderOf(declared.get(name.toLowerCase()) ?? '') }))
    }
    const declared = text.verb === 'select' || text.verb === 'values' ? this.#typesOfView(sql, text) : []
    return names.map((name, index) => ({ name, decode: decoderOf(declared[index]?.[1] ?? '') }))
  }

  #typesOfView(sql: string, text: StatementText): readonly (readonly [name: string, type: string])[] {
    try {
      this.#database.run(`create temp view ${probe} as ${replacePlaceholders(sql, text.placeholders, 'NULL')}`)
    } catch {
      // Not every statement can be a view; its values are then handed over as SQLite has them.
      return []
    }
    try {
      return this.#declaredTypes(probe)
    } finally {
      this.#database.run(`drop view temp.${probe}`)
    }
  }

  #declaredTypes(table: string): readonly (readonly [name: string, type: string])[] {
    const [result] = this.#database.exec(`pragma table_xinfo(${quoteIdentifier(table)})`)
    return (result?.values ?? []).map((row) => [String(row[1]), String(row[2])] as const)
  }
}

function severalError(): TidemarkError {
  return new TidemarkError('statement_failed', 'Cannot run the statement on SQLite', {
    why: 'The text holds more than one statement.',
    next: 'Run each statement on its own, in a transaction when they belong together.',
  })
}
