/**
 * The careful rebuild: gives a table a new CREATE text and keeps everything else. Rows, rowids, indexes, triggers, the
 * AUTOINCREMENT mark, and what other objects say about the table come out as they went in, or the rebuild fails and
 * leaves nothing behind. Needs foreign keys suspended: with them on, dropping the old table deletes its children's rows.
 */
import { TidemarkError } from '../../errors.ts'
import type { TableOperation } from '../../migrate/operation.ts'
import type { ColumnType } from '../../schema/column.ts'
import { quoteIdentifier as id, quoteList } from '../../schema/identifier.ts'
import type { Statement, Transaction } from '../storage.ts'
import { createIndexText } from './ddl.ts'
import { mentions, editTable, readTable, renameInText } from './ddl-edit.ts'
import type { StoredTable } from './ddl-table.ts'
import { isKeyword, isName, sameName, tokenize } from './ddl-tokens.ts'
import type { Token } from './ddl-tokens.ts'

/** One object of `sqlite_schema`. `sql` is null for the indexes that SQLite makes itself. */
export interface StoredObject {
  readonly type: string
  readonly name: string
  readonly tbl_name: string
  readonly sql: string | null
}

/** Told of each changing statement just before it runs. */
export type Report = (statement: Statement) => void

export async function readObjects(tx: Transaction): Promise<readonly StoredObject[]> {
  return (await tx.query<StoredObject>({ sql: 'select type, name, tbl_name, sql from sqlite_schema order by rowid' })).rows
}

export function tableIn(objects: readonly StoredObject[], table: string): StoredObject & { readonly sql: string } {
  const found = objects.find((object) => object.type === 'table' && sameName(object.name, table))
  if (found !== undefined && found.sql !== null) return { ...found, sql: found.sql }
  throw new TidemarkError('statement_failed', `Cannot change table "${table}"`, {
    why: 'The database has no such table.',
    next: 'Compare the revision with the database as it stands.',
    details: { table },
  })
}

/** Indexes of the table that name the column and therefore go with it. */
export function indexesOn(objects: readonly StoredObject[], table: string, column: string): readonly StoredObject[] {
  return objects.filter((object) => object.type === 'index' && sameName(object.tbl_name, table) && object.sql !== null && mentions(afterTable(object.sql), column))
}

/**
 * Applies all changes in one rebuild.
 *
 * @throws TidemarkError `operation_not_supported` for a virtual table or with foreign keys enforced, `statement_failed`
 * when a change does not fit the table, the rows do not fit the new table, or the result differs in anything not asked for
 */
export async function rebuildTable(tx: Transaction, table: string, changes: readonly TableOperation[], report: Report): Promise<void> {
  await requireSuspended(tx, table)
  const objects = await readObjects(tx)
  const { sql: oldSql, name } = tableIn(objects, table)
  const oldTable = readTable(oldSql, table)
  const newSql = changes.reduce(editTable, oldSql)
  const newTable = readTable(newSql, table)
  const own = objects.filter((object) => object.type !== 'table' && sameName(object.tbl_name, table) && object.sql !== null)
  const dropped = new Set(
    changes.flatMap((change) => {
      if (change.kind === 'dropColumn') return indexesOn(objects, table, change.column).map((index) => index.name)
      return change.kind === 'dropIndex' ? [indexNamed(own, table, change.name)] : []
    }),
  )
  const temporary = freeName(objects, `tidemark_rebuild_${name}`)
  const mark = await sequenceMark(tx, oldTable)
  const brokenBefore = await brokenDependents(tx, objects, name)
  const rowsBefore = await countRows(tx, name)

  const { value: legacy } = (await tx.query<{ value: number }>({ sql: 'select legacy_alter_table as value from pragma_legacy_alter_table' })).rows[0] ?? { value: 0 }
  try {
    // With the old behaviour of RENAME, SQLite does not look into views and triggers, which name a table that is away at that moment.
    await tx.query({ sql: 'pragma legacy_alter_table = on' })
    // A savepoint, so that the pragma can be set back after a failure.
    await tx.transaction(async (inner) => {
      const run = async (statement: Statement): Promise<void> => {
        report(statement)
        await inner.query(statement)
      }
      await run({ sql: renameInText(newSql, temporary) })
      await run(copyStatement(oldTable, newTable, name, temporary, changes))
      await requireFit(inner, temporary, changes)
      await run({ sql: `drop table ${id(name)}` })
      await run({ sql: `alter table ${id(temporary)} rename to ${id(name)}` })
      for (const object of own) if (object.sql !== null && !dropped.has(object.name)) await run({ sql: object.sql })
      for (const change of changes) if (change.kind === 'createIndex') await run({ sql: createIndexText(name, change.index) })
      if (mark !== undefined && hasAutoincrement(newTable)) {
        await run({ sql: 'delete from sqlite_sequence where name = ?', parameters: [name] })
        await run({ sql: 'insert into sqlite_sequence (name, seq) values (?, ?)', parameters: [name, mark] })
      }
    })
  } finally {
    await tx.query({ sql: `pragma legacy_alter_table = ${legacy}` })
  }

  const rowsAfter = await countRows(tx, name)
  if (rowsAfter !== rowsBefore) throw unlike(name, `it had ${rowsBefore} rows and would have ${rowsAfter}`)
  const objectsAfter = await readObjects(tx)
  requireSameObjects(objects, objectsAfter, name, dropped, changes)
  const broken = [...(await brokenDependents(tx, objectsAfter, name))].filter((dependent) => !brokenBefore.has(dependent))
  if (broken.length > 0) throw unlike(name, `these would no longer work: ${broken.join(', ')}`)
}

async function requireSuspended(tx: Transaction, table: string): Promise<void> {
  const { rows } = await tx.query<{ foreign_keys: number }>({ sql: 'select foreign_keys from pragma_foreign_keys' })
  if (rows[0]?.foreign_keys === 0) return
  throw new TidemarkError('operation_not_supported', `Cannot rebuild table "${table}"`, {
    why: 'Foreign keys are enforced in this transaction, so dropping the old table would delete rows of the tables that refer to it.',
    next: "Open the transaction with `foreignKeys: 'suspended'`.",
    details: { table },
  })
}

/** The high-water mark of AUTOINCREMENT; undefined where there is none. */
async function sequenceMark(tx: Transaction, table: StoredTable): Promise<number | bigint | undefined> {
  if (!hasAutoincrement(table)) return undefined
  const { rows } = await tx.query<{ seq: number | bigint }>({ sql: 'select seq from sqlite_sequence where name = ? collate nocase', parameters: [table.name] })
  return rows[0]?.seq
}

function copyStatement(from: StoredTable, to: StoredTable, fromName: string, toName: string, changes: readonly TableOperation[]): Statement {
  const using = new Map(changes.flatMap((change) => (change.kind === 'alterColumn' && change.change.using !== undefined ? [[change.column.toLowerCase(), change.change.using]] : [])))
  const shared = to.columns.filter((column) => !isGenerated(column) && from.columns.some((old) => sameName(old.name, column.name) && !isGenerated(old)))
  const targets = shared.map((column) => id(column.name))
  const sources = shared.map((column) => using.get(column.name.toLowerCase()) ?? id(column.name))
  const rowid = rowidToCopy(from, to)
  if (rowid !== undefined) {
    targets.unshift(rowid)
    sources.unshift(rowid)
  }
  // `or abort` overrules conflict clauses of the table, which would drop rows in silence.
  return { sql: `insert or abort into ${id(toName)} (${targets.join(', ')}) select ${sources.join(', ')} from ${id(fromName)}` }
}

/** The name under which rowids are copied; undefined where a column holds them, or there are none on one side. */
function rowidToCopy(from: StoredTable, to: StoredTable): string | undefined {
  if (from.withoutRowid || to.withoutRowid || isRowidAlias(to)) return undefined
  return ['rowid', '_rowid_', 'oid'].find((name) => ![...from.columns, ...to.columns].some((column) => sameName(column.name, name)))
}

/** True when the primary key is the rowid: one column of exactly the type INTEGER. */
function isRowidAlias(table: StoredTable): boolean {
  return table.columns.some((column) => {
    if (column.type.toUpperCase() !== 'INTEGER') return false
    const inColumn = column.clauses.some((clause) => clause.kind === 'primaryKey' && clause.descending !== true)
    return inColumn || table.constraints.some((clause) => clause.kind === 'primaryKey' && clause.columns.length === 1 && sameName(clause.columns[0] ?? '', column.name))
  })
}

function hasAutoincrement(table: StoredTable): boolean {
  return [...table.constraints, ...table.columns.flatMap((column) => column.clauses)].some((clause) => clause.autoincrement === true)
}

function isGenerated(column: StoredTable['columns'][number]): boolean {
  return column.clauses.some((clause) => clause.kind === 'generated')
}

const fitting: Partial<Record<ColumnType['kind'], string>> = { integer: "'integer'", bigint: "'integer'", real: "'real'", numeric: "'integer', 'real'" }

/** SQLite stores text in a number column when it is no number; every other engine refuses, and so does this. */
async function requireFit(tx: Transaction, table: string, changes: readonly TableOperation[]): Promise<void> {
  for (const change of changes) {
    if (change.kind !== 'alterColumn' || change.change.type === undefined) continue
    const { kind } = change.change.type
    const storageClasses = fitting[kind]
    if (storageClasses === undefined) continue
    const { rows } = await tx.query<{ misfits: number }>({ sql: `select count(*) as misfits from ${id(table)} where typeof(${id(change.column)}) not in ('null', ${storageClasses})` })
    if ((rows[0]?.misfits ?? 0) > 0) throw unlike(change.table, `${rows[0]?.misfits} values of column "${change.column}" are no ${kind}; say with \`using\` how they become one`)
  }
}

async function countRows(tx: Transaction, table: string): Promise<number> {
  return (await tx.query<{ total: number }>({ sql: `select count(*) as total from ${id(table)}` })).rows[0]?.total ?? 0
}

function requireSameObjects(before: readonly StoredObject[], after: readonly StoredObject[], table: string, dropped: ReadonlySet<string>, changes: readonly TableOperation[]): void {
  const created = new Set(changes.flatMap((change) => (change.kind === 'createIndex' ? [change.index.name] : [])))
  // The indexes behind unique constraints have no text; they belong to the table's own, which was changed on purpose.
  const described = (objects: readonly StoredObject[]): Map<string, string> =>
    new Map(objects.flatMap((object) => (object.sql === null || (object.type === 'table' && object.name === table) ? [] : [[`${object.type} "${object.name}"`, object.sql]])))
  const [old, now] = [described(before), described(after)]
  for (const name of dropped) old.delete(`index "${name}"`)
  for (const name of created) now.delete(`index "${name}"`)
  for (const [object, sql] of old) if (now.get(object) !== sql) throw unlike(table, `${object} would be ${now.has(object) ? 'different' : 'gone'}`)
  for (const object of now.keys()) if (!old.has(object)) throw unlike(table, `${object} would stay behind`)
}

/** Views and tables with triggers, among those that name the table, that SQLite cannot compile as they are. */
async function brokenDependents(tx: Transaction, objects: readonly StoredObject[], table: string): Promise<ReadonlySet<string>> {
  const naming = objects.filter((object) => (object.type === 'view' || object.type === 'trigger') && tokenize(object.sql ?? '').some((token) => isName(token, table)))
  const broken = new Set<string>()
  for (const view of naming.filter((object) => object.type === 'view')) if (!(await compiles(tx, `select * from ${id(view.name)}`))) broken.add(`view "${view.name}"`)
  for (const target of new Set(naming.filter((object) => object.type === 'trigger').map((trigger) => trigger.tbl_name))) {
    const { rows } = await tx.query<{ name: string }>({ sql: 'select name from pragma_table_info(?)', parameters: [target] })
    const columns = rows.map((row) => row.name)
    const writes = {
      insert: `insert into ${id(target)} ${quoteList(columns)} select ${columns.map(id).join(', ')} from ${id(target)}`,
      update: `update ${id(target)} set ${columns.map((column) => `${id(column)} = ${id(column)}`).join(', ')}`,
      delete: `delete from ${id(target)}`,
    }
    for (const [verb, sql] of Object.entries(writes)) if (!(await compiles(tx, sql))) broken.add(`a trigger on ${verb} of "${target}"`)
  }
  return broken
}

async function compiles(tx: Transaction, sql: string): Promise<boolean> {
  try {
    await tx.transaction((inner) => inner.query({ sql: `explain ${sql}` }))
    return true
  } catch {
    return false
  }
}

function indexNamed(own: readonly StoredObject[], table: string, name: string): string {
  const index = own.find((object) => object.type === 'index' && sameName(object.name, name))
  if (index === undefined) throw unlike(table, `there is no index "${name}"`)
  return index.name
}

function freeName(objects: readonly StoredObject[], wanted: string): string {
  return objects.some((object) => sameName(object.name, wanted)) ? freeName(objects, `${wanted}_`) : wanted
}

/** What a CREATE INDEX text says behind `ON table`. */
function afterTable(sql: string): readonly Token[] {
  const tokens = tokenize(sql)
  return tokens.slice(tokens.findIndex((token) => isKeyword(token, 'ON')) + 2)
}

function unlike(table: string, why: string): TidemarkError {
  return new TidemarkError('statement_failed', `Cannot rebuild table "${table}"`, {
    why: `Reason: ${why}.`,
    next: 'Correct the revision; nothing was changed.',
    details: { table },
  })
}
