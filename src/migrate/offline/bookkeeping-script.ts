/** The version table and the history in a script: made where they are missing, asked before a step, written after it. */
import { quoteIdentifier as id, quoteLiteral } from '../../schema/identifier.ts'
import type { TableDefinition } from '../../schema/table.ts'
import { postgresStatements } from '../../storage/postgres/ddl.ts'
import { createTableText } from '../../storage/sqlite/ddl.ts'
import type { Dialect, Statement } from '../../storage/storage.ts'
import { version } from '../../version.ts'
import { Bookkeeping } from '../bookkeeping.ts'
import type { RanRevision } from '../run-revision.ts'
import { scriptWords } from './script-words.ts'
import { terminated, writeOut } from './statement-script.ts'

export interface ScriptedStep {
  readonly id: string
  readonly direction: 'upgrade' | 'downgrade'
  /** Rows of the version table before and after. */
  readonly before: readonly string[]
  readonly after: readonly string[]
}

export class BookkeepingScript {
  readonly #dialect: Dialect
  readonly #versionTable: string
  readonly #bookkeeping: Bookkeeping

  constructor(dialect: Dialect, versionTable: string, historyTable: string) {
    this.#dialect = dialect
    this.#versionTable = versionTable
    this.#bookkeeping = new Bookkeeping(dialect, versionTable, historyTable)
  }

  /** Above the base the version table has to be there; a history may be missing where another program has kept it so far. */
  make(from: readonly string[]): readonly string[] {
    const [versions, history] = this.#bookkeeping.tables()
    return (from.length === 0 ? [versions, history] : [history]).map((table) => this.#makeWhereMissing(table))
  }

  /** Ends the transaction unless the database stands at these rows. */
  requireRows(rows: readonly string[]): string {
    const total = `(select count(*) from ${id(this.#versionTable)}`
    const found = rows.length === 0 ? '' : ` and ${total} where version_num in (${rows.map(quoteLiteral).join(', ')})) = ${rows.length}`
    return scriptWords[this.#dialect].require(`${total}) = ${rows.length}${found}`, `The database does not stand at ${rows.join(', ') || 'base'}`)
  }

  /** The rows after the step, and the run in the history. */
  record({ id: revision, direction, before, after }: ScriptedStep, ran: RanRevision): readonly string[] {
    const table = id(this.#versionTable)
    const { moment } = scriptWords[this.#dialect]
    const run = {
      revision, direction, startedAt: '', finishedAt: '', durationMs: 0, outcome: 'done', checksum: ran.checksum, operations: ran.described, statementCount: ran.statementCount, toolVersion: version,
    } as const
    return [
      ...before.filter((row) => !after.includes(row)).map((row) => ({ sql: `delete from ${table} where version_num = ${quoteLiteral(row)}` })),
      ...after.filter((row) => !before.includes(row)).map((row) => ({ sql: `insert into ${table} (version_num) values (${quoteLiteral(row)})` })),
      this.#bookkeeping.recordStatement(run, moment),
    ].map((statement) => this.#write(statement))
  }

  #write(statement: Statement): string {
    return terminated(this.#dialect, writeOut(this.#dialect, statement))
  }

  #makeWhereMissing(table: TableDefinition): string {
    const sql = this.#dialect === 'postgres' ? (postgresStatements({ kind: 'createTable', table })[0]?.sql ?? '') : createTableText(table)
    return this.#write({ sql: sql.replace(/^create table/i, '$& if not exists') })
  }
}
