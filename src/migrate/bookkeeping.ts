/**
 * The two tables a migrated database carries: the version table, with one row for each head, built as Alembic builds
 * its own; and the history table, with one row for each run of a revision. Nothing here decides what is run.
 */
import { TidemarkError, isTidemarkError } from '../errors.ts'
import { c } from '../schema/column.ts'
import { quoteIdentifier as id } from '../schema/identifier.ts'
import { type TableDefinition, defaultNaming, normalizeTable } from '../schema/table.ts'
import type { Dialect, JsonValue, Queryable, SqlValue, Statement, Transaction } from '../storage/storage.ts'
import { applyOperation } from './apply-operation.ts'

export const defaultVersionTable = 'tidemark_version'
export const defaultHistoryTable = 'tidemark_history'

/** How a row came into the history; `stamp`: by word alone. */
export type RunDirection = 'upgrade' | 'downgrade' | 'stamp'

/** One row of the history table. */
export interface RunRecord {
  readonly revision: string
  readonly direction: RunDirection
  /** UTC ISO-8601 with milliseconds. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly durationMs: number
  /**
   * `halfway`: a run without a transaction that has not come to its end; at most one row says so, and `operations` and
   * `statementCount` tell what stands. `failed`: rolled back, or given up half-way.
   */
  readonly outcome: 'done' | 'failed' | 'halfway'
  /** Over the operations; null but for a run that is done. */
  readonly checksum: string | null
  /** What was done and how: `{ grade, statements, operation }` each; null for a stamp and for a run that was rolled back. */
  readonly operations: JsonValue
  /** How many changing statements were started; the last of them failed when a run was rolled back. */
  readonly statementCount: number
  readonly toolVersion: string
}

/** A run that has not come to its end, as it stands in the history table. */
export interface HalfWayRun extends RunRecord {
  /** Of the row. */
  readonly id: number
  readonly direction: 'upgrade' | 'downgrade'
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

  /** The same inside a transaction or a snapshot, which a failing statement would spoil. */
  async readInside(view: Queryable): Promise<readonly string[]> {
    return (await this.#exists(view, this.#versions)) ? this.#rows(view) : []
  }

  async ensure(tx: Transaction): Promise<void> {
    for (const table of this.tables()) if (!(await this.#exists(tx, table.name))) await applyOperation(tx, { kind: 'createTable', table }, () => undefined)
  }

  /** The version table and the history table. */
  tables(): readonly [TableDefinition, TableDefinition] {
    return [
      // Names and types are those of Alembic's table, so that it can take over and be taken over.
      normalizeTable(this.#versions, { version_num: c.text({ length: 32 }).notNull().primaryKey() }, {}, { ...defaultNaming, primaryKey: '%_pkc' }),
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
        defaultNaming,
      ),
    ]
  }

  /** Turns the rows `before` into `after`, and fails when they are not the ones that stand there. */
  async write(tx: Transaction, before: readonly string[], after: readonly string[]): Promise<void> {
    const removed = before.filter((row) => !after.includes(row))
    const added = after.filter((row) => !before.includes(row))
    const table = id(this.#versions)
    const place = this.#placeholder(1)
    for (const row of removed) await this.#one(tx, { sql: `delete from ${table} where version_num = ${place}`, parameters: [row] })
    for (const row of added) await this.#one(tx, { sql: `insert into ${table} (version_num) values (${place})`, parameters: [row] })
  }

  async record(tx: Transaction, run: RunRecord): Promise<void> {
    await tx.query(this.recordStatement(run))
  }

  /** @param moment the words of the database for both times, where they are those of a script that runs later */
  recordStatement(run: RunRecord, moment?: string): Statement {
    const parameters: SqlValue[] = []
    const bound = (value: SqlValue): string => this.#placeholder(parameters.push(value))
    const values = [
      bound(run.revision), bound(run.direction), moment ?? bound(run.startedAt), moment ?? bound(run.finishedAt), bound(run.durationMs), bound(run.outcome),
      bound(run.checksum), bound(run.operations), bound(run.statementCount), bound(run.toolVersion),
    ]
    const table = id(this.#history)
    // Runners are kept apart by the lock, so counting on from the last row is safe.
    return {
      sql: `insert into ${table} (id, revision, direction, started_at, finished_at, duration_ms, outcome, checksum, operations, statement_count, tool_version)
        values ((select coalesce(max(id), 0) + 1 from ${table}), ${values.join(', ')})`,
      parameters,
    }
  }

  /** All runs, oldest first; none where there is no history. */
  async runs(queryable: Queryable): Promise<readonly RunRecord[]> {
    if (!(await this.#exists(queryable, this.#history))) return []
    return (await queryable.query<RunRecord>({ sql: `select ${runColumns} from ${id(this.#history)} order by id` })).rows
  }

  /** The run that ended half-way, or is on its way. */
  async halfWay(queryable: Queryable): Promise<HalfWayRun | undefined> {
    if (!(await this.#exists(queryable, this.#history))) return undefined
    const { rows } = await queryable.query<HalfWayRun>({ sql: `select id, ${runColumns} from ${id(this.#history)} where outcome = 'halfway'` })
    return rows[0]
  }

  /** Writes `run` in the place of one that is half-way, and fails when another runner has gone on with that meanwhile. */
  async replace(tx: Transaction, halfWay: HalfWayRun, run: RunRecord): Promise<void> {
    const place = (position: number): string => this.#placeholder(position)
    await this.#one(tx, {
      sql: `update ${id(this.#history)} set finished_at = ${place(1)}, duration_ms = ${place(2)}, outcome = ${place(3)}, checksum = ${place(4)}, operations = ${place(5)},
        statement_count = ${place(6)}, tool_version = ${place(7)} where id = ${place(8)} and outcome = 'halfway' and statement_count = ${place(9)}`,
      parameters: [run.finishedAt, run.durationMs, run.outcome, run.checksum, run.operations, run.statementCount, run.toolVersion, halfWay.id, halfWay.statementCount],
    })
  }

  /** Says of a run that is half-way that it will not be continued. */
  async giveUp(tx: Transaction): Promise<void> {
    await tx.query({ sql: `update ${id(this.#history)} set outcome = 'failed' where outcome = 'halfway'` })
  }

  async #rows(queryable: Queryable): Promise<readonly string[]> {
    const { rows } = await queryable.query<{ version_num: string }>({ sql: `select version_num from ${id(this.#versions)}` })
    return rows.map((row) => row.version_num).toSorted()
  }

  async #exists(queryable: Queryable, table: string): Promise<boolean> {
    return (await queryable.query(tableQuery(this.#dialect, table))).rows.length > 0
  }

  async #one(tx: Transaction, statement: Statement): Promise<void> {
    const { affectedRows } = await tx.query(statement)
    if (affectedRows === 1) return
    throw new TidemarkError('internal', `Cannot write the tables "${this.#versions}" and "${this.#history}"`, {
      why: `One row should have changed, but ${affectedRows} did: somebody else has written them.`,
      next: 'Look at `tidemark migrate current`, then try again; `tidemark migrate stamp` sets the rows right.',
    })
  }

  #placeholder(position: number): string {
    return this.#dialect === 'postgres' ? `$${position}` : '?'
  }
}

const runColumns = `revision, direction, started_at as "startedAt", finished_at as "finishedAt", duration_ms as "durationMs", outcome, checksum, operations,
  statement_count as "statementCount", tool_version as "toolVersion"`

function tableQuery(dialect: Dialect, table: string): Statement {
  return dialect === 'postgres'
    ? { sql: `select 1 from pg_catalog.pg_class where oid = to_regclass($1) and relkind in ('r', 'p')`, parameters: [id(table)] }
    : { sql: `select 1 from sqlite_schema where type = 'table' and name = ? collate nocase`, parameters: [table] }
}
