/** What a statement in the words of the database mentions. It is not understood, only looked through. */
import { tokenizePostgres } from '../../storage/postgres/statement-text.ts'
import { isName, sameName, tokenize } from '../../storage/sqlite/ddl-tokens.ts'
import type { Dialect } from '../../storage/storage.ts'

/** True where the text holds the name of the table or column, quoted or not. */
export function holdsName(dialect: Dialect, sql: string, name: string): boolean {
  if (dialect === 'sqlite') return tokenize(sql).some((token) => isName(token, name))
  return tokenizePostgres(sql).some(({ kind, text }) => (kind === 'word' && sameName(text, name)) || (kind === 'quoted' && text.slice(1, -1).replaceAll('""', '"') === name))
}

/** True where the text holds this text as a literal. */
export function holdsLiteral(sql: string, value: string): boolean {
  return tokenizePostgres(sql).some(({ kind, text }) => kind === 'string' && text.slice(1, -1).replaceAll("''", "'") === value)
}
