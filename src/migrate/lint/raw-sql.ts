/** What a statement in the words of the database mentions. It is not understood, only looked through. */
import { tokenizePostgres } from '../../storage/postgres/statement-text.ts'
import { isName, sameName, tokenize } from '../../storage/sqlite/ddl-tokens.ts'
import type { Dialect } from '../../storage/storage.ts'

/** True where the text holds the name of the table, quoted or not. */
export function namesTable(dialect: Dialect, sql: string, table: string): boolean {
  if (dialect === 'sqlite') return tokenize(sql).some((token) => isName(token, table))
  return tokenizePostgres(sql).some(({ kind, text }) => (kind === 'word' && sameName(text, table)) || (kind === 'quoted' && text.slice(1, -1).replaceAll('""', '"') === table))
}

/** True where the text holds this text as a literal. */
export function holdsLiteral(sql: string, value: string): boolean {
  return tokenizePostgres(sql).some(({ kind, text }) => kind === 'string' && text.startsWith("'") && text.slice(1, -1).replaceAll("''", "'") === value)
}
