/** How an engine carries out a statement, and what of that reads rows of other customers. Nothing is run. */
import type { Queryable, Statement, Storage } from '../../src/storage/storage.ts'

/** The lines of SQLite's plan, without their depth. */
export async function sqlitePlan(database: Queryable, { sql, parameters }: Statement): Promise<readonly string[]> {
  const { rows } = await database.query<{ detail: string }>({ sql: `explain query plan ${sql}`, parameters })
  return rows.map(({ detail }) => detail)
}

/** The same lines, each with the others of its select. */
export async function sqliteSelects(database: Queryable, { sql, parameters }: Statement): Promise<readonly (readonly string[])[]> {
  const { rows } = await database.query<{ parent: number; detail: string }>({ sql: `explain query plan ${sql}`, parameters })
  return [...new Set(rows.map(({ parent }) => parent))].map((select) => rows.filter(({ parent }) => parent === select).map(({ detail }) => detail))
}

/** A node of PostgreSQL's plan. */
export interface PostgresNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly PostgresNode[]
}

export async function postgresPlan(database: Queryable, { sql, parameters }: Statement): Promise<readonly PostgresNode[]> {
  const { rows } = await database.query<{ 'QUERY PLAN': readonly { readonly Plan: PostgresNode }[] }>({ sql: `explain (format json) ${sql}`, parameters })
  return rows.flatMap((row) => row['QUERY PLAN'].map(({ Plan }) => Plan))
}

/** Reads of tables that no index leads to by the customer. @param tables whose reads count; left out: all */
export function postgresFaults(node: PostgresNode, tables?: readonly string[]): readonly string[] {
  const table = node['Relation Name']
  const conditions = indexConditions(node)
  // The words that are searched begin with the customer's id.
  const isOwn = conditions.length > 0 && conditions.every((condition) => condition.includes('customer_id = ') || /lexemes @@ '''\d+:/u.test(condition))
  const own = table !== undefined && (tables?.includes(table) ?? true) && !isOwn ? [`${node['Node Type']} on ${table}`] : []
  return [...own, ...(node.Plans ?? []).flatMap((plan) => postgresFaults(plan, tables))]
}

/** A scan of a bitmap has its conditions on the indexes below it. */
function indexConditions(node: PostgresNode): readonly string[] {
  if (node['Index Cond'] !== undefined) return [node['Index Cond']]
  return node['Node Type'].startsWith('Bitmap') ? (node.Plans ?? []).flatMap(indexConditions) : []
}

/** A read of a table, or of the full-text index, in a plan of SQLite. */
export interface SqliteRead {
  readonly table: string
  readonly line: string
  /** `others`: rows of other customers, or through an index made for this one run; `walk`: all of the customer; `found`: those that were looked for. */
  readonly reach: 'others' | 'walk' | 'found'
}

/** @param tables names of all tables: what else a plan reads, the statement has made itself */
export function sqliteReads(sql: string, plan: readonly string[], tables: readonly string[]): readonly SqliteRead[] {
  const named = tableNames(sql, tables)
  return plan.flatMap((line) => {
    const table = named.get(/^(?:SCAN|SEARCH) (\w+)/u.exec(line)?.[1] ?? '')
    return table === undefined ? [] : [{ table, line, reach: reachOf(table, line) }]
  })
}

function reachOf(table: string, line: string): SqliteRead['reach'] {
  // Number 0 is the way from end to end.
  if (table === 'search_index') return /VIRTUAL TABLE INDEX [1-9]/u.test(line) ? 'found' : 'others'
  // What the full-text index has found.
  if (table === 'search_documents' && line.endsWith('USING INTEGER PRIMARY KEY (rowid=?)')) return 'found'
  const terms = /^SEARCH \w+ USING (?:COVERING )?INDEX \S+ \((customer_id=\?[^)]*)\)/u.exec(line)?.[1]
  if (terms === undefined) return 'others'
  return terms === 'customer_id=?' ? 'walk' : 'found'
}

/** What the tables of a statement are called in its plan. */
function tableNames(sql: string, tables: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const [, table = '', alias] of sql.matchAll(/\b(?:from|join)\s+"?(\w+)"?(?:\s+as\s+"?(\w+)"?)?/gu)) {
    if (tables.includes(table)) names.set(alias ?? table, table)
  }
  return names
}

/** Names of all tables of the database but SQLite's own. */
export async function tablesOf(database: Queryable): Promise<readonly string[]> {
  const { rows } = await database.query<{ name: string }>({ sql: `select name from sqlite_schema where type = 'table' and name not like 'sqlite%'` })
  return rows.map(({ name }) => name)
}

/** With no table read from end to end where any index can be used, however small it is. */
export async function withoutSequentialScans<T>(storage: Storage, read: (database: Queryable) => Promise<T>): Promise<T> {
  return storage.transaction(async (tx) => {
    await tx.query({ sql: 'set local enable_seqscan = off' })
    return read(tx)
  })
}

