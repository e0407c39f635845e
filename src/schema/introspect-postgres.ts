/** PostgreSQL's catalogue, read in one statement for each kind of object. Lists come as JSON, which every driver decodes alike. */
import type { Queryable } from '../storage/storage.ts'
import type { ReferentialAction } from './column.ts'
import { withExtras } from './extras.ts'
import type { LiveCheck, LiveColumn, LiveForeignKey, LiveIndex, LiveKey, LiveSchema, LiveTable, LiveType } from './introspect.ts'

export async function introspectPostgres(database: Queryable): Promise<LiveSchema> {
  const read = async <R>(sql: string): Promise<readonly R[]> => (await database.query<R>({ sql })).rows
  const enums = new Map((await read<{ name: string; labels: readonly string[] }>(enumsQuery)).map((row) => [row.name, row.labels]))
  const columns = await read<ColumnRow>(columnsQuery)
  const constraints = await read<ConstraintRow>(constraintsQuery)
  const indexes = await read<IndexRow>(indexesQuery)
  const tables = new Map<string, LiveTable>()
  for (const { name, comment, extras } of await read<{ name: string; comment: string | null; extras: readonly string[] }>(tablesQuery)) {
    const own = constraints.filter((row) => row.table_name === name)
    const keys = (kind: string): LiveKey[] => own.filter((row) => row.kind === kind).map((row) => ({ name: row.name, columns: row.columns ?? [], ...withExtras(row.extras) }))
    tables.set(name, {
      name,
      columns: columns.filter((row) => row.table_name === name).map((row) => liveColumn(row, enums)),
      primaryKey: keys('p')[0],
      uniques: keys('u'),
      indexes: indexes.filter((row) => row.table_name === name).map(liveIndex),
      checks: own.filter((row) => row.kind === 'c').map((row): LiveCheck => ({ name: row.name, expression: row.expression ?? '', ...withExtras(row.extras) })),
      foreignKeys: own.filter((row) => row.kind === 'f').map(liveForeignKey),
      comment: comment ?? undefined,
      ...withExtras(extras),
    })
  }
  return { dialect: 'postgres', tables, enums }
}

interface ColumnRow {
  readonly table_name: string
  readonly name: string
  readonly declared: string
  readonly enum_name: string | null
  readonly not_null: boolean
  readonly expression: string | null
  /** Empty, `s` for stored, `v` for virtual. */
  readonly generated: string
  readonly comment: string | null
  readonly extras: readonly string[]
  /** The default counts on the column's own sequence. */
  readonly serial: boolean
}

interface ConstraintRow {
  readonly table_name: string
  readonly name: string
  readonly kind: string
  readonly columns: readonly string[] | null
  readonly target: string | null
  readonly target_columns: readonly string[] | null
  readonly on_delete: string
  readonly on_update: string
  readonly expression: string | null
  readonly extras: readonly string[]
}

interface IndexRow {
  readonly extras: readonly string[]
  readonly table_name: string
  readonly name: string
  readonly is_unique: boolean
  readonly predicate: string | null
  readonly parts: readonly { readonly column: string | null; readonly expression: string; readonly descending: boolean }[]
}

// Ordinary and partitioned tables of the first schema of the search path that no extension owns.
const ownTables = `from pg_catalog.pg_class as c
  where c.relkind in ('r', 'p') and c.relnamespace = to_regnamespace(quote_ident(current_schema()))
    and not exists (select 1 from pg_catalog.pg_depend as d where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`

/** What stands in the way of a plain declaration, one text for each. */
const extras = (...texts: readonly string[]): string => `array_to_json(array_remove(array[${texts.join(', ')}], null)) as extras`
const when = (condition: string, text: string): string => `case when ${condition} then ${text} end`
/** A column of the catalogue that older servers lack. */
const newer = (row: string, column: string): string => `to_jsonb(${row}) ->> '${column}'`
const list = (select: string): string => `nullif(array_to_string(array(${select}), ', '), '')`

const tablesQuery = `select c.relname as name, obj_description(c.oid, 'pg_class') as comment, ${extras(
  when("c.relpersistence = 'u'", "'unlogged'"),
  when('c.relrowsecurity', "'row level security'"),
  when('c.relforcerowsecurity', "'forced row level security'"),
  when("c.relkind = 'p'", "'partitioned'"),
  when('c.relispartition', "'partition'"),
  `'policies ' || ${list("select quote_ident(p.polname) from pg_catalog.pg_policy as p where p.polrelid = c.oid order by 1")}`,
  `'exclusion constraints ' || ${list("select quote_ident(s.conname) from pg_catalog.pg_constraint as s where s.conrelid = c.oid and s.contype = 'x' order by 1")}`,
  `'inherits ' || ${list('select i.inhparent::regclass::text from pg_catalog.pg_inherits as i where i.inhrelid = c.oid and not c.relispartition order by i.inhseqno')}`,
)} ${ownTables} order by c.relname collate "C"`

const enumsQuery = `select t.typname as name, json_agg(e.enumlabel order by e.enumsortorder) as labels
  from pg_catalog.pg_type as t join pg_catalog.pg_enum as e on e.enumtypid = t.oid
  where t.typnamespace = to_regnamespace(quote_ident(current_schema())) group by t.typname order by t.typname collate "C"`

const isSerial = `(d.oid is not null and a.attidentity = '' and exists (select 1 from pg_catalog.pg_depend as own
      join pg_catalog.pg_depend as used on used.classid = 'pg_catalog.pg_attrdef'::regclass and used.objid = d.oid and used.refobjid = own.objid
      where own.classid = 'pg_catalog.pg_class'::regclass and own.refclassid = 'pg_catalog.pg_class'::regclass and own.refobjid = a.attrelid and own.refobjsubid = a.attnum and own.deptype = 'a'))`

const columnsQuery = `select t.relname as table_name, a.attname as name, format_type(a.atttypid, a.atttypmod) as declared,
    case y.typtype when 'e' then y.typname end as enum_name, a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as expression,
    a.attgenerated::text as generated, col_description(t.oid, a.attnum) as comment, ${isSerial} as serial, ${extras(
      when("a.attidentity = 'a'", "'generated always as identity'"),
      when("a.attidentity = 'd'", "'generated by default as identity'"),
      when(isSerial, "'serial'"),
      when('a.attcollation <> y.typcollation', `'collate ' || (select quote_ident(l.collname) from pg_catalog.pg_collation as l where l.oid = a.attcollation)`),
    )}
  from (select c.oid, c.relname ${ownTables}) as t
  join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type as y on y.oid = a.atttypid
  left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  order by t.relname, a.attnum`

const namesOf = (key: string, table: string): string => `(select json_agg(a.attname order by k.position) from unnest(${key}) with ordinality as k(attnum, position)
      join pg_catalog.pg_attribute as a on a.attrelid = ${table} and a.attnum = k.attnum)`

/** The columns that an index only carries. */
const included = list(`select quote_ident(a.attname) from unnest(i.indkey::int2[]) with ordinality as k(attnum, position)
      join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum where k.position > i.indnkeyatts order by k.position`)

const constraintsQuery = `select t.relname as table_name, s.conname as name, s.contype::text as kind, ${namesOf('s.conkey', 's.conrelid')} as columns,
    r.relname as target, ${namesOf('s.confkey', 's.confrelid')} as target_columns, s.confdeltype::text as on_delete, s.confupdtype::text as on_update,
    case s.contype when 'c' then pg_get_expr(s.conbin, s.conrelid) end as expression, ${extras(
      when('s.condeferred', "'deferrable initially deferred'"),
      when('s.condeferrable and not s.condeferred', "'deferrable'"),
      when('not s.convalidated', "'not valid'"),
      when("s.confmatchtype = 'f'", "'match full'"),
      when("s.contype = 'c' and s.connoinherit", "'no inherit'"),
      when(`coalesce((${newer('i', 'indnullsnotdistinct')})::boolean, false)`, "'nulls not distinct'"),
      `'include ' || ${included}`,
      `'on delete sets ' || ${list(`select quote_ident(a.attname) from jsonb_array_elements_text(nullif(to_jsonb(s) -> 'confdelsetcols', 'null')) as k(attnum)
        join pg_catalog.pg_attribute as a on a.attrelid = s.conrelid and a.attnum = k.attnum::smallint order by 1`)}`,
    )}
  from (select c.oid, c.relname ${ownTables}) as t
  join pg_catalog.pg_constraint as s on s.conrelid = t.oid and s.contype in ('p', 'u', 'c', 'f')
  left join pg_catalog.pg_class as r on r.oid = s.confrelid
  left join pg_catalog.pg_index as i on s.contype in ('p', 'u') and i.indexrelid = s.conindid
  order by t.relname, s.conname collate "C"`

const indexesQuery = `select t.relname as table_name, n.relname as name, i.indisunique as is_unique, pg_get_expr(i.indpred, i.indrelid) as predicate,
    (select json_agg(json_build_object('column', a.attname, 'expression', pg_get_indexdef(i.indexrelid, k.position::int, true),
        'descending', (i.indoption[k.position - 1] & 1) = 1) order by k.position)
      from unnest(i.indkey::int2[]) with ordinality as k(attnum, position)
      left join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
      where k.position <= i.indnkeyatts) as parts, ${extras(
      when("m.amname <> 'btree'", "'using ' || m.amname"),
      when('not i.indisvalid', "'invalid'"),
      when(`coalesce((${newer('i', 'indnullsnotdistinct')})::boolean, false)`, "'nulls not distinct'"),
      `'include ' || ${included}`,
      `'with ' || array_to_string(n.reloptions, ', ')`,
      `'nulls out of order at ' || ${list('select k.position from unnest(i.indoption::int2[]) with ordinality as k(flags, position) where (k.flags & 1) <> ((k.flags >> 1) & 1) order by 1')}`,
      `'operator classes ' || ${list(`select o.opcname from unnest(i.indclass::oid[]) with ordinality as k(class, position) join pg_catalog.pg_opclass as o on o.oid = k.class where not o.opcdefault order by k.position`)}`,
      `'collations ' || ${list(`select quote_ident(l.collname) from unnest(i.indcollation::oid[]) with ordinality as k(collation_oid, position) join pg_catalog.pg_collation as l on l.oid = k.collation_oid
        left join pg_catalog.pg_attribute as a on a.attrelid = i.indexrelid and a.attnum = k.position
        left join pg_catalog.pg_attribute as own on own.attrelid = i.indrelid and own.attnum = i.indkey[k.position - 1]
        where l.oid <> coalesce(own.attcollation, (select y.typcollation from pg_catalog.pg_type as y where y.oid = a.atttypid)) order by k.position`)}`,
    )}
  from (select c.oid, c.relname ${ownTables}) as t
  join pg_catalog.pg_index as i on i.indrelid = t.oid
  join pg_catalog.pg_class as n on n.oid = i.indexrelid
  join pg_catalog.pg_am as m on m.oid = n.relam
  where not exists (select 1 from pg_catalog.pg_constraint as s where s.conindid = i.indexrelid and s.contype in ('p', 'u', 'x'))
  order by t.relname, n.relname collate "C"`

function liveColumn(row: ColumnRow, enums: ReadonlyMap<string, readonly string[]>): LiveColumn {
  const generated = row.generated === '' ? undefined : { expression: row.expression ?? '', stored: row.generated === 's' }
  return {
    name: row.name,
    type: row.enum_name === null ? typeOf(row.declared) : { kind: 'enum', name: row.enum_name, values: enums.get(row.enum_name) ?? [] },
    declaredType: row.declared,
    nullable: !row.not_null,
    default: generated === undefined && !row.serial ? (row.expression ?? undefined) : undefined,
    generated,
    comment: row.comment ?? undefined,
    ...withExtras(row.extras),
  }
}

function liveForeignKey(row: ConstraintRow): LiveForeignKey {
  return {
    name: row.name,
    columns: row.columns ?? [],
    references: { table: row.target ?? '', columns: row.target_columns ?? [] },
    onDelete: actions[row.on_delete] ?? 'no action',
    onUpdate: actions[row.on_update] ?? 'no action',
    ...withExtras(row.extras),
  }
}

function liveIndex(row: IndexRow): LiveIndex {
  return {
    name: row.name,
    columns: row.parts.map(({ column, expression, descending }) => {
      const order = descending ? 'desc' : 'asc'
      return column === null ? { expression, order } : { column, order }
    }),
    unique: row.is_unique,
    where: row.predicate ?? undefined,
    ...withExtras(row.extras),
  }
}

const actions: Readonly<Record<string, ReferentialAction>> = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' }

const plainTypes: Readonly<Record<string, LiveType>> = {
  integer: { kind: 'integer' },
  bigint: { kind: 'bigint' },
  'double precision': { kind: 'real' },
  numeric: { kind: 'numeric' },
  text: { kind: 'text' },
  'character varying': { kind: 'text' },
  boolean: { kind: 'boolean' },
  'timestamp with time zone': { kind: 'instant' },
  date: { kind: 'date' },
  jsonb: { kind: 'json' },
  bytea: { kind: 'bytes' },
  uuid: { kind: 'uuid' },
}

function typeOf(declared: string): LiveType {
  const [, before = '', first, second, behind = ''] = /^([^(]*)(?:\((\d+)(?:,(\d+))?\))?(.*)$/.exec(declared) ?? []
  const type = plainTypes[before + behind] ?? { kind: 'other' }
  if (first === undefined) return type
  if (type.kind === 'text') return { kind: 'text', length: Number(first) }
  return type.kind === 'numeric' ? { kind: 'numeric', precision: Number(first), scale: Number(second ?? 0) } : type
}
