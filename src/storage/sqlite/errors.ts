/**
 * SQLite's errors as Tidemark's. By message text, in this one place: sql.js gives no result codes (its build does not
 * export `sqlite3_errcode`), and SQLite's own messages are fixed English. Only messages that hold names of tables,
 * columns and constraints, never values, are shown; any other stays in `cause`.
 */
import { TidemarkError, type TidemarkErrorCode } from '../../errors.ts'

interface Rule {
  readonly pattern: RegExp
  /** Of the statement, where the message does not say enough. */
  readonly statement?: RegExp
  /** Instead of the message. */
  readonly why?: string
  readonly code: TidemarkErrorCode
  readonly next: string
}

const rules: readonly Rule[] = [
  { pattern: /^UNIQUE constraint failed/, code: 'unique_violated', next: 'Change the key, or update the row that has it.' },
  { pattern: /^FOREIGN KEY constraint failed/, code: 'foreign_key_violated', next: 'Write the row that is referred to first, or delete the rows that refer to it.' },
  { pattern: /^NOT NULL constraint failed/, code: 'not_null_violated', next: 'Give the column a value.' },
  { pattern: /^CHECK constraint failed/, code: 'check_violated', next: 'Give a value that the check of the column allows.' },
  { pattern: /^constraint failed$/, statement: /^\s*alter\s+table\b[\s\S]*\bset\s+not\s+null\s*;?\s*$/i, code: 'not_null_violated', why: 'Rows have no value in the column.', next: 'Give the column a value in every row first.' },
  { pattern: /^constraint failed$/, statement: /^\s*alter\s+table\b/i, code: 'check_violated', why: 'Rows that are there break the constraint.', next: 'Correct the rows first, or the constraint.' },
  { pattern: /^database is locked|^database table is locked/, code: 'storage_busy', next: 'Try again when the other work is done.' },
  {
    pattern: /^no such (?:table|column|function|index|view|module|savepoint|trigger|collation sequence)|^near |^unrecognized token|^incomplete input|^ambiguous column|^table .* (?:already exists|has no column)|^duplicate column|^no tables specified|^cannot start a transaction|^\d+ values for \d+ columns|^index .* already exists|^foreign key mismatch|^there is already another table or index with this name|^cannot drop (?:PRIMARY KEY|UNIQUE) column|^error in (?:view|trigger|index|table) .*: no such (?:table|column): [^']*$/,
    code: 'statement_failed',
    next: 'Correct the statement, or bring the schema up to date.',
  },
]

/** The error of Tidemark for what SQLite threw. The text of SQLite is told only where it is known to hold no value. */
export function sqliteError(error: unknown, sql: string): TidemarkError {
  const message = error instanceof Error ? error.message : String(error)
  const rule = rules.find(({ pattern, statement }) => pattern.test(message) && statement?.test(sql) !== false)
  return new TidemarkError(rule?.code ?? 'statement_failed', 'Cannot run the statement on SQLite', {
    why: rule === undefined ? 'SQLite refused it; its message may hold values and is kept in `cause`.' : (rule.why ?? `${message}.`),
    next: rule?.next ?? 'Read the message in `cause`, then correct the statement or the values.',
    cause: error,
    retryable: rule?.code === 'storage_busy',
    details: { sql },
  })
}
