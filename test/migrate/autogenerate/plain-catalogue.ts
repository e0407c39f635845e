/**
 * What an engine itself says of its tables, read without the kit: the pragmas and stored texts of SQLite, the catalogue of
 * PostgreSQL. The order of columns and constraints does not show: it changes when one goes and comes back. Neither do
 * quotes that a name does not need: SQLite puts them where it renames a column.
 */
import type { Dialect, Queryable } from '../../../src/storage/storage.ts'

type Facts = Readonly<Record<string, unknown>>

export async function plainCatalogue(database: Queryable & { readonly dialect: Dialect }, without: readonly string[] = ['tidemark_version', 'tidemark_history']): Promise<unknown> {
  const read = async (sql: string): Promise<readonly Facts[]> => (await database.query<Facts>({ sql })).rows
  const facts = database.dialect === 'sqlite' ? await sqliteFacts(read) : await postgresFacts(read)
  return Object.fromEntries(Object.entries(facts).map(([name, rows]) => [name, rows.filter((row) => !without.includes(String(row['table_name']))).map((row) => JSON.stringify(row).replace(/\\"(\w+)\\"/g, '$1')).toSorted()]))
}

type Read = (sql: string) => Promise<readonly Facts[]>

async function sqliteFacts(read: Read): Promise<Readonly<Record<string, readonly Facts[]>>> {
  const tables = await read(`select name as table_name, sql from sqlite_schema where type = 'table' and name not like 'sqlite%'`)
  const indexes = await read(`select m.name as table_name, i.name, i."unique", i.origin, i.partial, s.sql from sqlite_schema as m join pragma_index_list(m.name) as i
    left join sqlite_schema as s on s.name = i.name where m.type = 'table'`)
  const parts = await read(`select m.name as table_name, i.name, x.seqno, x.name as column_name, x."desc", x.coll, x.key from sqlite_schema as m
    join pragma_index_list(m.name) as i join pragma_index_xinfo(i.name) as x where m.type = 'table' order by m.name, i.name, x.seqno`)
  // Indexes behind keys are numbered, so they are known by their columns.
  const columnsOf = (index: Facts): unknown => parts.filter((part) => part['name'] === index['name'] && part['table_name'] === index['table_name']).map(({ column_name, desc, coll, key }) => [column_name, desc, coll, key])
  return {
    columns: await read(`select m.name as table_name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden from sqlite_schema as m join pragma_table_xinfo(m.name) as x where m.type = 'table'`),
    indexes: indexes.map((index) => ({ ...index, name: index['origin'] === 'c' ? index['name'] : '', columns: columnsOf(index) })),
    foreignKeys: await read(`select m.name as table_name, group_concat(f."from"||'>'||f."to") as columns, f."table", f.on_update, f.on_delete from sqlite_schema as m
      join pragma_foreign_key_list(m.name) as f where m.type = 'table' group by m.name, f.id`),
    constraints: tables.flatMap((table) => namedConstraints(String(table['sql'])).map((constraint) => ({ table_name: table['table_name'], ...constraint }))),
    expressions: tables.flatMap((table) => generatedExpressions(String(table['sql'])).map((expression) => ({ table_name: table['table_name'], expression }))),
  }
}

/** Names with their kinds, and the expression of a check. */
function namedConstraints(sql: string): Facts[] {
  return [...sql.matchAll(/CONSTRAINT ("(?:[^"]|"")+") (PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY|REFERENCES)/g)].map((match) => {
    const kind = match[2] === 'REFERENCES' ? 'FOREIGN KEY' : match[2]
    return { name: match[1], kind, expression: kind === 'CHECK' ? insideParentheses(sql, match.index + match[0].length) : undefined }
  })
}

function generatedExpressions(sql: string): string[] {
  return [...sql.matchAll(/("\w+") [^,]*? GENERATED ALWAYS AS /g)].map((match) => `${match[1] ?? ''} ${insideParentheses(sql, match.index + match[0].length)}`)
}

function insideParentheses(sql: string, from: number): string {
  let depth = 0
  let quoted = false
  for (let at = from; at < sql.length; at += 1) {
    if (sql[at] === "'") quoted = !quoted
    if (quoted) continue
    if (sql[at] === '(') depth += 1
    if (sql[at] === ')') depth -= 1
    if (sql[at] === ')' && depth === 0) return sql.slice(from, at + 1).trim()
  }
  throw new Error('A parenthesis is not closed')
}

async function postgresFacts(read: Read): Promise<Readonly<Record<string, readonly Facts[]>>> {
  const ours = `from pg_class as c join pg_namespace as n on n.oid = c.relnamespace and n.nspname = current_schema()`
  return {
    columns: await read(`select table_name, column_name, data_type, udt_name, character_maximum_length, numeric_precision, numeric_scale, datetime_precision, is_nullable, column_default,
      is_generated, generation_expression from information_schema.columns where table_schema = current_schema()`),
    constraints: await read(`select c.relname as table_name, k.conname, pg_get_constraintdef(k.oid) as definition ${ours} join pg_constraint as k on k.conrelid = c.oid where k.contype <> 'n'`),
    indexes: await read(`select c.relname as table_name, pg_get_indexdef(i.indexrelid) as definition ${ours} join pg_index as i on i.indrelid = c.oid`),
    comments: await read(`select c.relname as table_name, a.attname, d.description ${ours} join pg_description as d on d.objoid = c.oid and d.classoid = 'pg_class'::regclass
      left join pg_attribute as a on a.attrelid = c.oid and a.attnum = d.objsubid and a.attnum > 0 where c.relkind = 'r'`),
    enums: await read(`select t.typname, string_agg(e.enumlabel, ',' order by e.enumsortorder) as labels from pg_type as t join pg_namespace as n on n.oid = t.typnamespace
      join pg_enum as e on e.enumtypid = t.oid where n.nspname = current_schema() group by t.typname`),
  }
}
