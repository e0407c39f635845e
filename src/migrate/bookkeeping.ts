/**
 * The two tables a migrated database carries: the version table, with one row for each head, built as Alembic builds
 * its own; and the history table, with one row for each run of a revision. Nothing here decides what is run.
 */
import { TidemarkError, isTidemarkError } from '../errors.ts'
import { c } from '../schema/column.ts'
import { quoteIdentifier as id } from '../schema/identifier.ts'
import { normalizeTable } from '../schema/table.ts'
import type { Dialect, JsonValue, Queryable, SqlValue, Statement, Transaction } from '../storage/storage.ts'
import { applyOperation } from './apply-operation.ts'

export type RunDirection = 'upgrade' | 'downgrade' | 'stamp'

/** One row of the history table. */
export interface RunRecord {
  readonly revision: string
  readonly direction: RunDirection
  /** UTC ISO-8601 with milliseconds. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly durationMs: number
  readonly outcome: 'done' | 'failed'
  /** Over the operations; null for a stamp, and for a run that failed. */
  readonly checksum: string | null
  /** What was done and how: `{ grade, statements, operation }` each; null where `checksum` is. */
  readonly operations: JsonValue
  /** How many changing statements were started; the last of them failed when the outcome is `failed`. */
  readonly statementCount: number
  readonly toolVersion: string
}

export class Bookkeeping {
  readonly #dialect: Dialect
  readonly #versions: string
  readonly #history: string

  constructor(dialect: Dialect, versionTable: string, historyTable: string) {
    this.#dialect = dialect
    this.#versions = versionTable
    this.#history = historyTable
  }

  /** The rows of the version table, sorted; none where there is no such table. One statement when there is. */
  async read(queryable: Queryable): Promise<readonly string[]> {
    try {
      return await this.#rows(queryable)
    } catch (error) {
      if (!isTidemarkError(error, 'statement_failed')) throw error
      // Read again where the table is there: another runner may have made it between the two statements.
      return (await this.#exists(queryable, this.#versions)) ? this.#rows(queryable) : []
    }
  }

  /** The same inside a transaction, which a failing statement would spoil. */
  async readInside(tx: Transaction): Promise<readonly string[]> {
    return (await this.#exists(tx, this.#versions)) ? this.#rows(tx) : []
  }

  async ensure(tx: Transaction): Promise<void> {
    const tables = [
      // Names and types are those of Alembic's table, so that it can take over and be taken over.
      normalizeTable(this.#versions, { version_num: c.text({ length: 32 }).notNull().primaryKey() }, {}, { ...keyNaming, primaryKey: '%_pkc' }),
      normalizeTable(
        this.#history,
        {
          id: c.integer().primaryKey(),
          revision: c.text().notNull(),
          direction: c.text().notNull(),
          started_at: c.instant().notNull(),
          finished_at: c.instant().notNull(),
          duration_ms: c.integer().notNull(),
          outcome: c.text().notNull(),
          checksum: c.text(),
          operations: c.json(),
          statement_count: c.integer().notNull(),
          tool_version: c.text().notNull(),
        },
        {},
        keyNaming,
      ),
    ]
    for (const table of tables) if (!(await this.#exists(tx, table.name))) await applyOperation(tx, { kind: 'createTable', table }, () => undefined)
  }

  /** Turns the rows `before` into `after`, and fails when they are not the ones that stand there. */
  async write(tx: Transaction, before: readonly string[], after: readonly string[]): Promise<void> {
    const removed = before.filter((row) => !after.includes(row))
    const added = after.filter((row) => !before.includes(row))
    const table = id(this.#versions)
    for (const row of removed) await this.#one(tx, `delete from ${table} where version_num = `, [row])
    for (const row of added) await this.#one(tx, `insert into ${table} (version_num) values `, [row])
  }

  async record(tx: Transaction, run: RunRecord): Promise<void> {
    const values: SqlValue[] = [
      run.revision, run.direction, run.startedAt, run.finishedAt, run.durationMs, run.outcome, run.checksum, run.operations, run.statementCount, run.toolVersion,
    ]
    const table = id(this.#history)
    // Runners are kept apart by the lock, so counting on from the last row is safe.
    await tx.query({
      sql: `insert into ${table} (id, revision, direction, started_at, finished_at, duration_ms, outcome, checksum, operations, statement_count, tool_version)
        values ((select coalesce(max(id), 0) + 1 from ${table}), ${values.map((_, position) => this.#placeholder(position + 1)).join(', ')})`,
      parameters: values,
    })
  }

  /** All runs, oldest first; none where there is no history. */
  async runs(queryable: Queryable): Promise<readonly RunRecord[]> {
    if (!(await this.#exists(queryable, this.#history))) return []
    const { rows } = await queryable.query<RunRecord>({
      sql: `select revision, direction, started_at as "startedAt", finished_at as "finishedAt", duration_ms as "durationMs", outcome, checksum, operations,
        statement_count as "statementCount", tool_version as "toolVersion" from ${id(this.#history)} order by id`,
    })
    return rows
  }

  async #rows(queryable: Queryable): Promise<readonly string[]> {
    const { rows } = await queryable.query<{ version_num: string }>({ sql: `select version_num from ${id(this.#versions)}` })
    return rows.map((row) => row.version_num).toSorted()
  }

  async #exists(queryable: Queryable, table: string): Promise<boolean> {
    return (await queryable.query(tableQuery(this.#dialect, table))).rows.length > 0
  }

  async #one(tx: Transaction, sql: string, [row]: readonly [string]): Promise<void> {
    const place = this.#placeholder(1)
    const { affectedRows } = await tx.query({ sql: sql.endsWith('values ') ? `${sql}(${place})` : sql + place, parameters: [row] })
    if (affectedRows === 1) return
    throw new TidemarkError('internal', `Cannot write the version table "${this.#versions}"`, {
      why: `One row should have changed, but ${affectedRows} did.`,
      next: 'Look at the rows of the table; `tidemark migrate stamp` sets them right.',
    })
  }

  #placeholder(position: number): string {
    return this.#dialect === 'postgres' ? `$${position}` : '?'
  }
}

const keyNaming = { primaryKey: 'pk_%', index: 'ix_%', unique: 'uq_%', foreignKey: 'fk_%', check: 'ck_%' }

function tableQuery(dialect: Dialect, table: string): Statement {
  return dialect === 'postgres'
    ? { sql: `select 1 from pg_catalog.pg_class where oid = to_regclass($1) and relkind in ('r', 'p')`, parameters: [id(table)] }
    : { sql: `select 1 from sqlite_schema where type = 'table' and name = ? collate nocase`, parameters: [table] }
}
