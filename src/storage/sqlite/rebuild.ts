/**
 * The careful rebuild: gives a table a new CREATE text and keeps everything else. Rows, rowids, indexes, triggers, the
 * AUTOINCREMENT mark, and what other objects say about the table come out as they went in, or the rebuild fails and
 * leaves nothing behind. Needs foreign keys suspended: with them on, dropping the old table deletes its children's rows.
 */
import { TidemarkError } from '../../errors.ts'
import type { TableOperation } from '../../migrate/operation.ts'
import { quoteIdentifier as id, quoteLiteral } from '../../schema/identifier.ts'
import type { Statement, Transaction } from '../storage.ts'
import { editTable, readTable, renameInText } from './ddl-edit.ts'
import { type StoredObject, brokenDependents, firstDifference, freeName, indexesAfter, indexesOf, readObjects, tableIn } from './ddl-objects.ts'
import type { StoredTable } from './ddl-table.ts'
import { folded, sameName } from './ddl-tokens.ts'
import { convertedValue, fittingCondition } from './type-fit.ts'

/** Told of each changing statement just before it runs, pragmas included. None of them depends on the rows that are there. */
export type Report = (statement: Statement) => void

/** Told of a condition, in SQL, that was just found to hold for a table that is rebuilt; a script has to ask it at this point too. */
export type ReportCondition = (table: string, condition: string) => void

/**
 * Applies all changes in one rebuild.
 *
 * @param text what SQLite shall keep for the changed table, where an edit of the stored text is not what is wanted
 * @throws TidemarkError `operation_not_supported` for a virtual table or with foreign keys enforced, `statement_failed`
 * when a change does not fit the table, the rows do not fit the new table, or the result differs in anything not asked for
 */
export async function rebuildTable(
  tx: Transaction,
  table: string,
  changes: readonly TableOperation[],
  report: Report,
  reportCondition: ReportCondition = () => undefined,
  text?: string,
): Promise<void> {
  await requireSuspended(tx, table)
  const objects = await readObjects(tx)
  const { sql: oldSql, name } = tableIn(objects, table)
  const oldTable = readTable(oldSql, table)
  const newSql = text ?? changes.reduce(editTable, oldSql)
  const newTable = readTable(newSql, table)
  const triggers = objects.filter((object) => object.type === 'trigger' && sameName(object.tbl_name, table))
  const oldIndexes = indexesOf(objects, table)
  const indexes = changes.reduce(indexesAfter, oldIndexes)
  const temporary = freeName(objects, `tidemark_rebuild_${name}`)
  const brokenBefore = await brokenDependents(tx, objects, name)
  const runner = (queryable: Transaction) => async (statement: Statement): Promise<void> => {
    report(statement)
    await queryable.query(statement)
  }

  const { value: legacy } = (await tx.query<{ value: number }>({ sql: 'select legacy_alter_table as value from pragma_legacy_alter_table' })).rows[0] ?? { value: 0 }
  const restore = `pragma legacy_alter_table = ${legacy}`
  try {
    // With the old behaviour of RENAME, SQLite does not look into views and triggers, which name a table that is away at that moment.
    await runner(tx)({ sql: 'pragma legacy_alter_table = on' })
    // A savepoint, so that the pragma can be set back after a failure.
    await tx.transaction(async (inner) => {
      const run = runner(inner)
      const requireThat = async (condition: string, why: string): Promise<void> => {
        const { rows } = await inner.query<{ holds: number }>({ sql: `select (${condition}) as holds` })
        if (rows[0]?.holds !== 1) throw unlike(name, why)
        reportCondition(name, condition)
      }
      await run({ sql: renameInText(newSql, temporary) })
      // Before the rows: SQLite then counts on from it, and keeps the higher one.
      if (hasAutoincrement(oldTable) && hasAutoincrement(newTable)) await run(markStatement(name, temporary))
      await run(copyStatement(oldTable, newTable, name, temporary, changes))
      await requireThat(`(select count(*) from ${id(temporary)}) = (select count(*) from ${id(name)})`, 'it would not keep all its rows')
      for (const { condition, why } of fitConditions(temporary, newTable, changes)) await requireThat(condition, why)
      await run({ sql: `drop table ${id(name)}` })
      await run({ sql: `alter table ${id(temporary)} rename to ${id(name)}` })
      for (const object of [...indexes, ...triggers]) if (object.sql !== null) await run({ sql: object.sql })
    })
  } catch (error) {
    await tx.query({ sql: restore }).catch(() => undefined)
    throw error
  }
  await runner(tx)({ sql: restore })

  const objectsAfter = await readObjects(tx)
  const namesMissingIn = (some: readonly StoredObject[], others: readonly StoredObject[]): Set<string> =>
    new Set(some.filter((index) => !others.includes(index)).map((index) => index.name))
  const difference = firstDifference(objects, objectsAfter, name, { dropped: namesMissingIn(oldIndexes, indexes), created: namesMissingIn(indexes, oldIndexes) })
  if (difference !== undefined) throw unlike(name, difference)
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

/** Gives the table `to` the high-water mark of AUTOINCREMENT that `from` has, if it has one. */
function markStatement(from: string, to: string): Statement {
  return { sql: `insert into sqlite_sequence (name, seq) select ${quoteLiteral(to)}, seq from sqlite_sequence where name = ${quoteLiteral(from)}` }
}

function copyStatement(from: StoredTable, to: StoredTable, fromName: string, toName: string, changes: readonly TableOperation[]): Statement {
  const sources = sourcesOf(from, changes)
  const copied = to.columns.filter((column) => !isGenerated(column) && sources.has(folded(column.name)))
  const targets = copied.map((column) => id(column.name))
  const values = copied.map((column) => sources.get(folded(column.name)) ?? id(column.name))
  const rowid = rowidToCopy(from, to)
  if (rowid !== undefined) {
    targets.unshift(rowid)
    values.unshift(rowid)
  }
  if (targets.length === 0) {
    // No column is in both: a row stays a row all the same, under a new number.
    targets.push((to.withoutRowid ? undefined : freeRowid([to])) ?? id(to.columns.find((column) => !isGenerated(column))?.name ?? ''))
    values.push('null')
  }
  // `or abort` overrules conflict clauses of the table, which would drop rows in silence.
  return { sql: `insert or abort into ${id(toName)} (${targets.join(', ')}) select ${values.join(', ')} from ${id(fromName)}` }
}

/** Where the values of each column come from. One that was dropped and added again is a new one, filled by its default. */
function sourcesOf(from: StoredTable, changes: readonly TableOperation[]): ReadonlyMap<string, string> {
  const sources = new Map(from.columns.filter((column) => !isGenerated(column)).map((column) => [folded(column.name), id(column.name)]))
  for (const change of changes) {
    if (change.kind === 'dropColumn') sources.delete(folded(change.column))
    if (change.kind !== 'alterColumn') continue
    const { using, type } = change.change
    const source = using ?? (type && convertedValue(type, id(change.column)))
    if (source !== undefined) sources.set(folded(change.column), source)
  }
  return sources
}

/** The name under which rowids are copied; undefined where a column holds them, or there are none on one side. */
function rowidToCopy(from: StoredTable, to: StoredTable): string | undefined {
  if (from.withoutRowid || to.withoutRowid || isRowidAlias(to)) return undefined
  return freeRowid([from, to])
}

/** A name of the rowid that no column takes away. */
function freeRowid(tables: readonly StoredTable[]): string | undefined {
  return ['rowid', '_rowid_', 'oid'].find((name) => !tables.some((table) => table.columns.some((column) => sameName(column.name, name))))
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

/** SQLite keeps a value that is none of the column's type; every other engine refuses the change, and so does this. */
function fitConditions(name: string, table: StoredTable, changes: readonly TableOperation[]): { readonly condition: string; readonly why: string }[] {
  return changes.flatMap((change) => {
    if (change.kind !== 'alterColumn' || change.change.type === undefined || !table.columns.some((column) => sameName(column.name, change.column))) return []
    const column = id(change.column)
    const fits = fittingCondition(change.change.type, column)
    if (fits === undefined) return []
    return {
      condition: `not exists (select 1 from ${id(name)} where ${column} is not null and (${fits}) is not true)`,
      why: `values of column "${change.column}" do not fit its new type; say with \`using\` how they become one`,
    }
  })
}

function unlike(table: string, why: string): TidemarkError {
  return new TidemarkError('statement_failed', `Cannot rebuild table "${table}"`, {
    why: `Reason: ${why}.`,
    next: 'Correct the revision; nothing was changed.',
    details: { table },
  })
}
