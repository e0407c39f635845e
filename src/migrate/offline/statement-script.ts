/** One statement as it stands in a script: its values written into the text, a `;` behind it. Runs nothing. */
import { TidemarkError } from '../../errors.ts'
import type { BoundValue } from '../../storage/parameter.ts'
import { postgresLiteral, withoutDoubt } from '../../storage/postgres/literal.ts'
import { replacePostgresPlaceholders, swallows as swallowsOnPostgres, tokenizePostgres } from '../../storage/postgres/statement-text.ts'
import { checkedValues } from '../../storage/statement-check.ts'
import { sqliteLiteral } from '../../storage/sqlite/literal.ts'
import { readStatementText, swallows as swallowsOnSqlite } from '../../storage/sqlite/statement-text.ts'
import type { Dialect, Statement } from '../../storage/storage.ts'

/**
 * The text of the statement with its values in it.
 *
 * @throws TidemarkError `statement_failed` where placeholders and values do not match, `value_not_supported`
 */
export function writeOut(dialect: Dialect, statement: Statement): string {
  const values = checkedValues(statement)
  return dialect === 'postgres' ? writeOutPostgres(statement.sql, values) : writeOutSqlite(statement.sql, values)
}

/** The statement with the `;` that ends it, on a line of its own behind a comment, which would swallow it. */
export function terminated(dialect: Dialect, sql: string): string {
  const swallows = dialect === 'postgres' ? swallowsOnPostgres : swallowsOnSqlite
  const text = sql.trim()
  if (!swallows(text, ';')) return text.endsWith(';') ? text : `${text};`
  if (!swallows(text, '\n;')) return `${text}\n;`
  throw unfit('A string, a quoted name or a comment in it is not closed.', 'Close it: in a script it would swallow what follows.')
}

function writeOutPostgres(sql: string, values: readonly BoundValue[]): string {
  const used = new Set(tokenizePostgres(sql).flatMap((token) => (token.kind === 'placeholder' ? [Number(token.text.slice(1))] : [])))
  const highest = Math.max(0, ...used)
  if (highest !== values.length) throw unfit(`Its placeholders go up to $${highest}, and ${values.length} parameters were given.`, 'Give one value for each placeholder.')
  return withoutDoubt(replacePostgresPlaceholders(sql, (position) => postgresLiteral(values[position - 1] ?? null)))
}

function writeOutSqlite(sql: string, values: readonly BoundValue[]): string {
  const { placeholders, foreignPlaceholder } = readStatementText(sql)
  if (foreignPlaceholder || placeholders.length !== values.length) {
    throw unfit(foreignPlaceholder ? 'It has placeholders other than `?`.' : `It has ${placeholders.length} placeholders, and ${values.length} parameters were given.`, 'Write each parameter as `?` and give one value for each.')
  }
  let text = ''
  let from = 0
  for (const [index, place] of placeholders.entries()) {
    text += sql.slice(from, place) + sqliteLiteral(values[index] ?? null)
    from = place + 1
  }
  return text + sql.slice(from)
}

function unfit(why: string, next: string): TidemarkError {
  return new TidemarkError('statement_failed', 'Cannot write the statement into a script', { why, next })
}
