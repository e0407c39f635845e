/**
 * What a database's own catalogue says of its objects, read without the kit. SQLite: the stored texts, with white space
 * folded, plus what the pragmas see. PostgreSQL: the information schema, constraint and index definitions.
 */
import type { Queryable, Dialect } from '../../src/storage/storage.ts'

export async function catalogue(storage: Queryable & { readonly dialect: Dialect }, without: readonly string[] = ['tidemark_version', 'tidemark_history']): Promise<Record<string, unknown>> {
  const read = async (sql: string): Promise<readonly Record<string, unknown>[]> => (await storage.query({ sql })).rows
  const own = (rows: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] => rows.filter((row) => !without.includes(String(row['table_name'])))
  if (storage.dialect === 'sqlite') {
    const objects = own(await read('select type, name, tbl_name as table_name, sql from sqlite_schema order by type, name'))
    const columns = own(await read(`select m.name as table_name, x.* from sqlite_schema as m join pragma_table_xinfo(m.name) as x where m.type = 'table' order by m.name, x.cid`))
    return {
      objects: objects.map((row) => ({ ...row, sql: typeof row['sql'] === 'string' ? folded(row['sql']) : null })),
      columns,
      keys: own(await read(`select m.name as table_name, f.* from sqlite_schema as m join pragma_foreign_key_list(m.name) as f where m.type = 'table' order by m.name, f.id, f.seq`)),
    }
  }
  return {
    columns: own(
      await read(`select table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, generation_expression from information_schema.columns
        where table_schema = current_schema() order by table_name, ordinal_position`),
    ),
    constraints: own(
      await read(`select c.relname as table_name, k.conname, pg_get_constraintdef(k.oid) as definition from pg_constraint as k join pg_class as c on c.oid = k.conrelid
        where k.connamespace = current_schema()::regnamespace order by c.relname, k.conname`),
    ),
    indexes: own(await read('select tablename as table_name, indexname, indexdef from pg_indexes where schemaname = current_schema() order by tablename, indexname')),
    comments: own(
      await read(`select c.relname as table_name, a.attname, d.description from pg_description as d join pg_class as c on c.oid = d.objoid
        left join pg_attribute as a on a.attrelid = c.oid and a.attnum = d.objsubid and a.attnum > 0
        where c.relnamespace = current_schema()::regnamespace order by c.relname, d.objsubid`),
    ),
  }
}

function folded(sql: string): string {
  return sql.replace(/\s+/g, ' ').replace(/ ?([(),]) ?/g, '$1')
}
