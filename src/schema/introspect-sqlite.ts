/**
 * SQLite keeps a schema as the text it was created with, so that text is what is read: the pragmas know neither the
 * names of constraints nor checks and expressions. Comments are not kept.
 */
import { clauseExtras, columnExtras, tableExtras } from '../storage/sqlite/ddl-extras.ts'
import { parseCreateIndex } from '../storage/sqlite/ddl-index.ts'
import { type Clause, type ClauseKind, type StoredColumn, type StoredTable, parseCreateTable } from '../storage/sqlite/ddl-table.ts'
import { sameName } from '../storage/sqlite/ddl-tokens.ts'
import type { Queryable } from '../storage/storage.ts'
import { withExtras } from './extras.ts'
import type { LiveColumn, LiveIndex, LiveSchema, LiveTable, LiveType } from './introspect.ts'

export async function introspectSqlite(database: Queryable): Promise<LiveSchema> {
  const { rows } = await database.query<{ type: string; name: string; tbl_name: string; sql: string }>({
    // Shadow tables belong to the virtual table they stand behind.
    sql: `select o.type, o.name, o.tbl_name, o.sql from sqlite_schema as o join pragma_table_list as t on t.schema = 'main' and t.name = o.tbl_name
      where o.type in ('table', 'index') and t.type = 'table' and o.sql is not null and o.name not like 'sqlite\\_%' escape '\\' order by o.name`,
  })
  const tables = new Map<string, LiveTable>()
  for (const row of rows) {
    const stored = row.type === 'table' ? parseCreateTable(row.sql) : undefined
    if (stored) tables.set(row.name, liveTable(row.name, stored, rows.filter((index) => index.type === 'index' && sameName(index.tbl_name, row.name)).flatMap(liveIndex)))
  }
  return { dialect: 'sqlite', tables: new Map([...tables].map(([name, table]) => [name, withTargets(table, tables)])), enums: new Map() }
}

/** A foreign key that names no columns means the primary key of the other table. */
function withTargets(table: LiveTable, tables: ReadonlyMap<string, LiveTable>): LiveTable {
  const keyOf = (target: string): readonly string[] => [...tables.values()].find((other) => sameName(other.name, target))?.primaryKey?.columns ?? []
  return {
    ...table,
    foreignKeys: table.foreignKeys.map((key) =>
      key.references.columns.length > 0 ? key : { ...key, references: { ...key.references, columns: keyOf(key.references.table) } },
    ),
  }
}

function liveTable(name: string, stored: StoredTable, indexes: readonly LiveIndex[]): LiveTable {
  const all = (kind: ClauseKind): Clause[] => [
    ...stored.columns.flatMap((column) => column.clauses.filter((clause) => clause.kind === kind).map((clause) => ({ ...clause, columns: [column.name] }))),
    ...stored.constraints.filter((clause) => clause.kind === kind),
  ]
  const [primaryKey] = all('primaryKey')
  return {
    name,
    columns: stored.columns.map((column) => liveColumn(column, stored, primaryKey)),
    primaryKey: primaryKey && { name: primaryKey.name, columns: primaryKey.columns, ...withExtras(clauseExtras(primaryKey)) },
    uniques: all('unique').map((clause) => ({ name: clause.name, columns: clause.columns, ...withExtras(clauseExtras(clause)) })),
    indexes,
    checks: all('check').map((clause) => ({ name: clause.name, expression: clause.expression ?? '' })),
    foreignKeys: all('foreignKey').flatMap((clause) => {
      const { name: key, columns, references } = clause
      if (references === undefined) return []
      const { table, columns: targets, onDelete, onUpdate } = references
      return [{ name: key, columns, references: { table, columns: targets }, onDelete, onUpdate, ...withExtras(clauseExtras(clause)) }]
    }),
    ...withExtras(tableExtras(stored)),
  }
}

function liveColumn(column: StoredColumn, table: StoredTable, primaryKey: Clause | undefined): LiveColumn {
  const clause = (kind: ClauseKind): Clause | undefined => column.clauses.find((candidate) => candidate.kind === kind)
  const generated = clause('generated')
  const inKey = primaryKey?.columns.some((name) => sameName(name, column.name)) === true
  // SQLite takes null in a primary key, except where the key is the row's own place.
  const keyForbidsNull = inKey && (table.withoutRowid || table.strict || (primaryKey?.columns.length === 1 && column.type.toUpperCase() === 'INTEGER'))
  return {
    name: column.name,
    type: typeOf(column.type),
    declaredType: column.type,
    nullable: clause('notNull') === undefined && !keyForbidsNull,
    default: clause('default')?.expression,
    generated: generated && { expression: generated.expression ?? '', stored: generated.stored === true },
    ...withExtras(columnExtras(column)),
  }
}

function liveIndex(row: { readonly name: string; readonly sql: string }): LiveIndex[] {
  const index = parseCreateIndex(row.sql)
  if (index === undefined) return []
  const columns = index.columns.map(({ column, expression, order }) => (column === undefined ? { expression, order } : { column, order }))
  return [{ name: row.name, columns, unique: index.unique, where: index.where }]
}

const plainTypes: Readonly<Record<string, LiveType>> = {
  INTEGER: { kind: 'integer' },
  INT: { kind: 'integer' },
  INT4: { kind: 'integer' },
  INT8: { kind: 'bigint' },
  BIGINT: { kind: 'bigint' },
  REAL: { kind: 'real' },
  DOUBLE: { kind: 'real' },
  'DOUBLE PRECISION': { kind: 'real' },
  FLOAT: { kind: 'real' },
  NUMERIC: { kind: 'numeric' },
  DECIMAL: { kind: 'numeric' },
  TEXT: { kind: 'text' },
  VARCHAR: { kind: 'text' },
  'CHARACTER VARYING': { kind: 'text' },
  CLOB: { kind: 'text' },
  BOOLEAN: { kind: 'boolean' },
  BOOL: { kind: 'boolean' },
  'INSTANT TEXT': { kind: 'instant' },
  INSTANT: { kind: 'instant' },
  DATETIME: { kind: 'instant' },
  TIMESTAMP: { kind: 'instant' },
  TIMESTAMPTZ: { kind: 'instant' },
  'TIMESTAMP WITH TIME ZONE': { kind: 'instant' },
  'DATE TEXT': { kind: 'date' },
  DATE: { kind: 'date' },
  'JSON TEXT': { kind: 'json' },
  JSON: { kind: 'json' },
  JSONB: { kind: 'json' },
  BLOB: { kind: 'bytes' },
  'UUID TEXT': { kind: 'uuid' },
  UUID: { kind: 'uuid' },
}

function typeOf(declared: string): LiveType {
  const [, words = '', first, second] = /^([^(]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?$/.exec(declared.trim()) ?? []
  const type = plainTypes[words.replace(/\s+/g, ' ').toUpperCase()] ?? { kind: 'other' }
  if (first === undefined) return type
  if (type.kind === 'text') return { kind: 'text', length: Number(first) }
  return type.kind === 'numeric' ? { kind: 'numeric', precision: Number(first), scale: Number(second ?? 0) } : type
}
