/** What stands in a SQLite database beside tables and their indexes, and how to see at a glance that nothing has changed. */
import { quoteLiteral } from '../../schema/identifier.ts'
import type { Queryable } from '../storage.ts'
import { folded, tokenize } from './ddl-tokens.ts'

/** Definitions of views, triggers and virtual tables, by what they are called: `view "v"`. */
export async function sqliteObjects(database: Queryable): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query<{ type: string; name: string; tbl_name: string; sql: string }>({
    sql: `select type, name, tbl_name, sql from sqlite_schema where type in ('view', 'trigger') or (type = 'table' and sql like 'create virtual%') order by type, name`,
  })
  return new Map(rows.map(({ type, name, tbl_name: table, sql }) => [`${type === 'table' ? 'virtual table' : type} "${name}"${type === 'trigger' ? ` of table "${table}"` : ''}`, sql]))
}

/** The same text as long as no object has changed. */
export async function sqliteStamp(database: Queryable): Promise<string> {
  const { rows } = await database.query({ sql: 'select type, name, tbl_name, sql from sqlite_schema where sql is not null order by type, name' })
  return JSON.stringify(rows)
}

/** The text without what means nothing in it: white space, comments, the case of names and the quotes around them. */
export function plainSqlite(sql: string): string {
  return tokenize(sql).map((token) => (token.kind === 'string' ? quoteLiteral(token.value) : folded(token.value))).join(' ')
}
