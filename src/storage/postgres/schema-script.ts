/**
 * PostgreSQL's catalogue as a script that makes the same schema, empty: enums, sequences, tables, keys, checks, indexes,
 * comments. Not views, functions, triggers, policies and partitions: they are named as left out.
 */
import type { LeftOut, SchemaScript, SchemaStep } from '../../migrate/copy-schema.ts'
import type { SchemaScope } from '../../schema/difference.ts'
import { quoteIdentifier as id, quoteLiteral } from '../../schema/identifier.ts'
import type { LiveColumn, LiveTable } from '../../schema/introspect.ts'
import { introspectPostgres } from '../../schema/introspect-postgres.ts'
import type { Queryable } from '../storage.ts'

export async function postgresScript(source: Queryable, include: NonNullable<SchemaScope['include']>): Promise<SchemaScript> {
  const live = await introspectPostgres(source)
  const read = async (sql: string): Promise<readonly CatalogueRow[]> => (await source.query<CatalogueRow>({ sql })).rows
  const tables = [...live.tables.values()].filter((table) => include('table', table.name) && table.extras?.includes('partition') !== true)
  const names = new Set(tables.map((table) => table.name))
  const ofTables = (rows: readonly CatalogueRow[]): readonly CatalogueRow[] => rows.filter((row) => names.has(row.table_name))
  const constraints = ofTables(await read(constraintsQuery))
  const indexes = ofTables(await read(indexesQuery))
  const steps: SchemaStep[] = [
    ...[...live.enums].filter(([name]) => include('enum', name)).map(([name, values]) => ({ object: `enum "${name}"`, sql: `create type ${id(name)} as enum (${values.map(quoteLiteral).join(', ')})` })),
    ...(await read(sequencesQuery)).map((row) => ({ object: `sequence "${row.name}"`, sql: `create sequence ${id(row.name)} as ${row.definition}` })),
    ...tables.map(tableStep),
    // Foreign keys last: they need the keys of other tables, which can also be indexes.
    ...constraints.filter((row) => row.kind !== 'f').map(constraintStep),
    ...indexes.map((row) => ({ object: `index "${row.name}"`, sql: row.definition })),
    ...constraints.filter((row) => row.kind === 'f').map(constraintStep),
    ...tables.flatMap(commentSteps),
  ]
  const partitions = [...live.tables.values()].filter((table) => include('table', table.name) && !names.has(table.name))
  const leftOut: LeftOut[] = [
    ...partitions.map((table) => ({ object: `table "${table.name}"`, why: 'Partitions are not copied.' })),
    ...(await read(othersQuery)).filter((row) => row.table_name === '' || names.has(row.table_name)).map((row) => ({ object: `${row.kind} "${row.name}"`, why: `${row.definition} are not copied.` })),
  ]
  return { steps, leftOut }
}

interface CatalogueRow {
  readonly table_name: string
  readonly name: string
  readonly kind: string
  readonly definition: string
}

// With the pretty form, names of the own schema stand without it, so that they fit a schema of any name.
const own = `n.oid = to_regnamespace(quote_ident(current_schema()))`

const constraintsQuery = `select t.relname as table_name, s.conname as name, s.contype::text as kind, pg_get_constraintdef(s.oid, true) as definition
  from pg_catalog.pg_constraint as s join pg_catalog.pg_class as t on t.oid = s.conrelid join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
  where ${own} and s.contype in ('p', 'u', 'x', 'c', 'f') and s.conparentid = 0 order by s.contype = 'c', t.relname, s.conname`

const indexesQuery = `select t.relname as table_name, c.relname as name, 'i' as kind, pg_get_indexdef(i.indexrelid, 0, true) as definition
  from pg_catalog.pg_index as i join pg_catalog.pg_class as c on c.oid = i.indexrelid join pg_catalog.pg_class as t on t.oid = i.indrelid
  join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
  where ${own} and not exists (select 1 from pg_catalog.pg_constraint as s where s.conindid = i.indexrelid and s.contype in ('p', 'u', 'x')) order by t.relname, c.relname`

/** Those that no column owns; the others come with their columns. */
const sequencesQuery = `select '' as table_name, c.relname as name, 'S' as kind, format_type(q.seqtypid, null) as definition
  from pg_catalog.pg_class as c join pg_catalog.pg_sequence as q on q.seqrelid = c.oid join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where ${own} and not exists (select 1 from pg_catalog.pg_depend as d where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i', 'e')) order by c.relname`

const othersQuery = `select '' as table_name, c.relname as name, case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'foreign table' end as kind,
    case c.relkind when 'f' then 'Foreign tables' else 'Views' end as definition
  from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace where ${own} and c.relkind in ('v', 'm', 'f')
    and not exists (select 1 from pg_catalog.pg_depend as d where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  union all select t.relname, g.tgname, 'trigger', 'Triggers' from pg_catalog.pg_trigger as g join pg_catalog.pg_class as t on t.oid = g.tgrelid
    join pg_catalog.pg_namespace as n on n.oid = t.relnamespace where ${own} and not g.tgisinternal
  union all select t.relname, p.polname, 'policy', 'Policies' from pg_catalog.pg_policy as p join pg_catalog.pg_class as t on t.oid = p.polrelid
    join pg_catalog.pg_namespace as n on n.oid = t.relnamespace where ${own}
  order by 3, 1, 2`

function tableStep(table: LiveTable): SchemaStep {
  const object = `table "${table.name}"`
  return {
    object,
    sql: `create table ${id(table.name)} (${table.columns.map(columnText).join(', ')})`,
    // A type that the other server lacks should not cost the whole table.
    instead: [
      { object, sql: `create table ${id(table.name)} ()` },
      ...table.columns.map((column) => ({ object: `column "${table.name}"."${column.name}"`, sql: `alter table ${id(table.name)} add column ${columnText(column)}` })),
    ],
  }
}

function columnText(column: LiveColumn): string {
  const { name, declaredType, nullable, default: value, generated, extras = [] } = column
  const type = extras.includes('serial') ? (serials[declaredType] ?? declaredType) : declaredType
  const words = extras.filter((extra) => /^(?:collate|generated) /.test(extra)).toSorted()
  return [
    id(name), type, ...words,
    ...(generated === undefined ? [] : [`generated always as (${generated.expression}) ${generated.stored ? 'stored' : 'virtual'}`]),
    ...(value === undefined ? [] : [`default ${value}`]),
    ...(nullable ? [] : ['not null']),
  ].join(' ')
}

const serials: Readonly<Record<string, string>> = { smallint: 'smallserial', integer: 'serial', bigint: 'bigserial' }

function constraintStep({ table_name: table, name, definition }: CatalogueRow): SchemaStep {
  return { object: `constraint "${name}" of table "${table}"`, sql: `alter table ${id(table)} add constraint ${id(name)} ${definition}` }
}

function commentSteps({ name, comment, columns }: LiveTable): SchemaStep[] {
  return [
    ...(comment === undefined ? [] : [{ object: `comment of table "${name}"`, sql: `comment on table ${id(name)} is ${quoteLiteral(comment)}` }]),
    ...columns.flatMap((column) =>
      column.comment === undefined ? [] : [{ object: `comment of column "${name}"."${column.name}"`, sql: `comment on column ${id(name)}.${id(column.name)} is ${quoteLiteral(column.comment)}` }],
    ),
  ]
}
