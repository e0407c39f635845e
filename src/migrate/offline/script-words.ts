/**
 * What a script says besides the statements of its revisions, in the words of each dialect: how it begins and ends, what a
 * transaction of it looks like, and what makes it stop where something does not hold.
 */
import { quoteIdentifier as id, quoteLiteral } from '../../schema/identifier.ts'
import { newViolationsCondition, rememberViolations } from '../../storage/sqlite/ddl-foreign-keys.ts'
import type { Dialect } from '../../storage/storage.ts'

/** What a transaction of SQLite has to be prepared for. */
export interface TransactionNeeds {
  /** What a check that fails has to protect: tables that are rebuilt, the version table. None: there is no check. */
  readonly guarded: readonly string[]
  /** The foreign keys have to hold at the end as they held before. */
  readonly foreignKeys: boolean
}

export interface ScriptWords {
  readonly engine: string
  /** How to run it so that it stops at the first error. */
  readonly run: string
  readonly head: readonly string[]
  readonly tail: readonly string[]
  /** The moment in which the script runs. */
  readonly moment: string
  transaction(statements: readonly string[], needs: TransactionNeeds): readonly string[]
  /** Ends the transaction where the condition does not hold. */
  require(condition: string, why: string): string
}

export const scriptWords: { readonly [D in Dialect]: ScriptWords } = {
  sqlite: {
    engine: 'SQLite',
    run: 'sqlite3 -bail FILE < SCRIPT',
    // Inside a transaction the pragma does nothing, and with keys enforced a rebuild deletes the rows of child tables.
    head: [
      '-- A check that fails rolls back. Should the script run on all the same, it meets empty stand-ins (temp) instead of the tables that it would damage.',
      'pragma foreign_keys = off;',
    ],
    tail: ['pragma foreign_keys = on;'],
    moment: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
    transaction: sqliteTransaction,
    require: holds,
  },
  postgres: {
    engine: 'PostgreSQL',
    run: 'psql --set=ON_ERROR_STOP=1 --file=SCRIPT',
    // As the adapters set a connection up.
    head: [`set client_encoding to 'UTF8';`, 'set standard_conforming_strings to on;', `set timezone to 'UTC';`, `set datestyle to 'ISO';`],
    tail: [],
    moment: 'now()',
    transaction: (statements) => ['BEGIN;', ...statements, 'COMMIT;'],
    require: (condition, why) => `do ${dollarQuoted(`begin if (${condition}) is not true then raise exception using message = ${quoteLiteral(why)}; end if; end`)};`,
  },
}

function sqliteTransaction(statements: readonly string[], { guarded, foreignKeys }: TransactionNeeds): readonly string[] {
  if (guarded.length === 0) return ['BEGIN;', ...statements, 'COMMIT;']
  return [
    ...guarded.flatMap((table) => [`drop table if exists temp.${id(table)};`, `create temp table ${id(table)} (stand_in);`]),
    'BEGIN;',
    ...guarded.map((table) => `drop table temp.${id(table)};`),
    'create temp table tidemark_script (holds integer not null check (holds));',
    ...(foreignKeys ? [`create temp table tidemark_violations as ${rememberViolations};`] : []),
    ...statements,
    ...(foreignKeys ? [holds(newViolationsCondition('temp.tidemark_violations')), 'drop table temp.tidemark_violations;'] : []),
    'drop table temp.tidemark_script;',
    'COMMIT;',
  ]
}

/** Nothing but a constraint that fails makes SQLite roll back in the middle of a script. */
function holds(condition: string): string {
  return `insert or rollback into tidemark_script select (${condition});`
}

function dollarQuoted(text: string, tag = 'tidemark'): string {
  return text.includes(`$${tag}$`) ? dollarQuoted(text, `${tag}_`) : `$${tag}$ ${text} $${tag}$`
}
