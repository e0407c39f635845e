/**
 * Questions about the rows of a live database, answered by yes, no or nobody knows: each is one statement that reads and
 * stops at the first row that decides. Where the database cannot be asked (a column that is not there yet, a server too
 * old for the question, a table so large that a whole read of it would be felt), nobody knows.
 */
import { isTidemarkError } from '../../errors.ts'
import type { ColumnType } from '../../schema/column.ts'
import { quoteIdentifier as id } from '../../schema/identifier.ts'
import type { ForeignKeyTarget, IndexDefinition } from '../../schema/table.ts'
import { misfitCondition } from '../../storage/postgres/type-fit.ts'
import { convertibleCondition } from '../../storage/sqlite/type-fit.ts'
import type { Dialect, Queryable } from '../../storage/storage.ts'
import type { Trail } from './schema-trail.ts'

export type Answer = 'yes' | 'no' | 'unknown'

// A whole read of so many rows is a matter of seconds.
const mostRowsRead = 2_000_000

export class LiveFacts {
  readonly #live: (Queryable & { readonly dialect: Dialect }) | undefined
  readonly #trail: Trail

  /** Tables and columns are asked about by the names they have at this point of the trail. */
  constructor(live: (Queryable & { readonly dialect: Dialect }) | undefined, trail: Trail) {
    this.#live = live
    this.#trail = trail
  }

  hasRows(table: string): Promise<Answer> {
    return this.#ask(table, [], () => '')
  }

  hasValues(table: string, column: string): Promise<Answer> {
    return this.#ask(table, [column], ([value]) => `where ${value} is not null`)
  }

  hasNulls(table: string, columns: readonly string[]): Promise<Answer> {
    return this.#ask(table, columns, (values) => `where ${values.map((value) => `${value} is null`).join(' or ')}`)
  }

  /** Values that cannot be ones of the type, or not without loss. */
  hasMisfits(table: string, column: string, type: ColumnType): Promise<Answer> {
    return this.#ask(table, [column], ([value = '']) => {
      const fits = convertibleCondition(type, value)
      const misfits = this.#live?.dialect === 'sqlite' ? fits && `(${fits}) is not true` : misfitCondition(type, value)
      return misfits === undefined ? 'where false' : `where ${value} is not null and (${misfits})`
    })
  }

  hasDuplicates(table: string, parts: IndexDefinition['columns'], where?: string): Promise<Answer> {
    const columns = parts.flatMap((part) => ('column' in part ? [part.column] : []))
    const isPlain = columns.length === parts.length && where === undefined
    if (!isPlain && !this.#trail.table(table).isAsLive) return Promise.resolve('unknown')
    return this.#ask(table, columns, (values) => {
      const keys = [...values, ...parts.flatMap((part) => ('column' in part ? [] : [`(${part.expression})`]))]
      const counted = [...(where === undefined ? [] : [`(${where})`]), ...keys.map((key) => `${key} is not null`)]
      return `where ${counted.join(' and ')} group by ${keys.join(', ')} having count(*) > 1`
    })
  }

  /** Rows for which the condition, in the words of the database, is false. */
  hasViolations(table: string, condition: string): Promise<Answer> {
    return this.#trail.table(table).isAsLive ? this.#ask(table, [], () => `where not (${condition})`) : Promise.resolve('unknown')
  }

  /** Rows that refer to one that is not there. */
  hasOrphans(table: string, columns: readonly string[], references: ForeignKeyTarget): Promise<Answer> {
    const parent = this.#trail.table(references.table).liveName
    const keys = references.columns.map((column) => this.#trail.column(references.table, column).liveName)
    if (parent === undefined || keys.includes(undefined)) return Promise.resolve('unknown')
    return this.#ask(table, columns, (values) => {
      const same = values.map((value, index) => `tidemark_parent.${id(keys[index] ?? '')} = ${value}`)
      return `where ${values.map((value) => `${value} is not null`).join(' and ')} and not exists (select 1 from ${id(parent)} as tidemark_parent where ${same.join(' and ')})`
    })
  }

  async #ask(table: string, columns: readonly string[], rest: (values: readonly string[]) => string): Promise<Answer> {
    const known = this.#trail.table(table)
    // Under the name that it has at this point, since a condition may name it.
    const alias = id(known.name)
    const names = columns.flatMap((column) => this.#trail.column(table, column).liveName ?? [])
    if (this.#live === undefined || known.liveName === undefined || names.length < columns.length || (known.rows ?? 0) > mostRowsRead) return 'unknown'
    try {
      const { rows } = await this.#live.query<{ answer: unknown }>({ sql: `select exists (select 1 from ${id(known.liveName)} as ${alias} ${rest(names.map((name) => `${alias}.${id(name)}`))}) as answer` })
      return rows[0]?.answer === true || rows[0]?.answer === 1 ? 'yes' : 'no'
    } catch (error) {
      if (isTidemarkError(error, 'statement_failed')) return 'unknown'
      throw error
    }
  }
}
