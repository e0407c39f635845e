/** What stands in a PostgreSQL schema beside tables, their indexes and enums. What an extension owns is left out. */
import type { Queryable } from '../storage.ts'

/** Definitions of views, triggers, functions, sequences, policies, types and exclusions, by what they are called: `view "v"`. */
export async function postgresObjects(database: Queryable): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query<{ object: string; definition: string }>({ sql: query })
  return new Map(rows.map((row) => [row.object, row.definition]))
}

const ownSchema = `to_regnamespace(quote_ident(current_schema()))`

const notOfExtension = (catalogue: string, oid: string): string =>
  `not exists (select 1 from pg_catalog.pg_depend as e where e.classid = 'pg_catalog.${catalogue}'::regclass and e.objid = ${oid} and e.deptype = 'e')`

const query = [
  `select case c.relkind when 'v' then 'view' else 'materialized view' end || ' "' || c.relname || '"' as object, pg_get_viewdef(c.oid) as definition
    from pg_catalog.pg_class as c where c.relkind in ('v', 'm') and c.relnamespace = ${ownSchema} and ${notOfExtension('pg_class', 'c.oid')}`,
  `select 'foreign table "' || c.relname || '"', ''
    from pg_catalog.pg_class as c where c.relkind = 'f' and c.relnamespace = ${ownSchema} and ${notOfExtension('pg_class', 'c.oid')}`,
  `select 'sequence "' || c.relname || '"', concat_ws(' ', format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)
    from pg_catalog.pg_class as c join pg_catalog.pg_sequence as s on s.seqrelid = c.oid where c.relnamespace = ${ownSchema} and ${notOfExtension('pg_class', 'c.oid')}`,
  `select 'trigger "' || t.tgname || '" of table "' || c.relname || '"', pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
    from pg_catalog.pg_trigger as t join pg_catalog.pg_class as c on c.oid = t.tgrelid where not t.tgisinternal and c.relnamespace = ${ownSchema} and ${notOfExtension('pg_trigger', 't.oid')}`,
  `select 'function "' || p.proname || '"(' || pg_get_function_identity_arguments(p.oid) || ')', case p.prokind when 'a' then 'aggregate' else pg_get_functiondef(p.oid) end
    from pg_catalog.pg_proc as p where p.pronamespace = ${ownSchema} and ${notOfExtension('pg_proc', 'p.oid')}`,
  `select 'policy "' || p.policyname || '" of table "' || p.tablename || '"', concat_ws(' ', p.permissive, p.roles::text, p.cmd, 'using ' || p.qual, 'check ' || p.with_check)
    from pg_catalog.pg_policies as p where p.schemaname = current_schema()`,
  // The row type of a table is none of these; that of a type of its own has a relation of kind c.
  `select 'type "' || t.typname || '"', concat_ws(' ', t.typtype::text, format_type(nullif(t.typbasetype, 0), t.typtypmod), case when t.typnotnull then 'not null' end, 'default ' || t.typdefault,
      (select string_agg(pg_get_constraintdef(s.oid), ' ' order by s.conname) from pg_catalog.pg_constraint as s where s.contypid = t.oid),
      (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) from pg_catalog.pg_attribute as a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
    from pg_catalog.pg_type as t left join pg_catalog.pg_class as c on c.oid = t.typrelid
    where t.typnamespace = ${ownSchema} and (t.typtype in ('d', 'r') or c.relkind = 'c') and ${notOfExtension('pg_type', 't.oid')}`,
  `select 'exclusion "' || s.conname || '" of table "' || c.relname || '"', pg_get_constraintdef(s.oid)
    from pg_catalog.pg_constraint as s join pg_catalog.pg_class as c on c.oid = s.conrelid where s.contype = 'x' and s.connamespace = ${ownSchema}`,
].join(' union all ')
