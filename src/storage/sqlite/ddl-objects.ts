/**
 * What stands in `sqlite_schema`, and what a change to one table may have done to the rest of it: objects that differ,
 * views and triggers that no longer compile.
 */
import { TidemarkError } from '../../errors.ts'
import type { TableOperation } from '../../migrate/operation.ts'
import { quoteIdentifier as id, quoteList } from '../../schema/identifier.ts'
import type { Transaction } from '../storage.ts'
import { createIndexText } from './ddl.ts'
import { mentions } from './ddl-edit.ts'
import { isKeyword, isName, sameName, tokenize } from './ddl-tokens.ts'
import type { Token } from './ddl-tokens.ts'

/** One object of `sqlite_schema`. `sql` is null for the indexes that SQLite makes itself. */
export interface StoredObject {
  readonly type: string
  readonly name: string
  readonly tbl_name: string
  readonly sql: string | null
}

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

/** The indexes of the table that were created as such, in order; those behind its keys are not among them. */
export function indexesOf(objects: readonly StoredObject[], table: string): readonly StoredObject[] {
  return objects.filter((object) => object.type === 'index' && sameName(object.tbl_name, table) && object.sql !== null)
}

/** The indexes after a change: one more, one less, or less those that name a dropped column. */
export function indexesAfter(indexes: readonly StoredObject[], change: TableOperation): readonly StoredObject[] {
  switch (change.kind) {
    case 'createIndex':
      return [...indexes, { type: 'index', name: change.index.name, tbl_name: change.table, sql: createIndexText(change.table, change.index) }]
    case 'dropIndex':
      if (indexes.some((index) => sameName(index.name, change.name))) return indexes.filter((index) => !sameName(index.name, change.name))
      throw new TidemarkError('statement_failed', `Cannot change table "${change.table}"`, {
        why: `It has no index "${change.name}".`,
        next: 'Compare the revision with the table as it stands.',
        details: { table: change.table },
      })
    case 'dropColumn':
      return indexes.filter((index) => !mentions(afterTable(index.sql ?? ''), change.column))
    default:
      return indexes
  }
}

/** The first object that is gone, different or too many; the table itself was changed on purpose and does not count. */
export function firstDifference(
  before: readonly StoredObject[],
  after: readonly StoredObject[],
  table: string,
  { dropped, created }: { readonly dropped: ReadonlySet<string>; readonly created: ReadonlySet<string> },
): string | undefined {
  // The indexes behind unique constraints have no text; they belong to the table's own.
  const described = (objects: readonly StoredObject[]): Map<string, string> =>
    new Map(objects.flatMap((object) => (object.sql === null || (object.type === 'table' && object.name === table) ? [] : [[`${object.type} "${object.name}"`, object.sql]])))
  const [old, now] = [described(before), described(after)]
  for (const name of dropped) old.delete(`index "${name}"`)
  for (const name of created) now.delete(`index "${name}"`)
  for (const [object, sql] of old) if (now.get(object) !== sql) return `${object} would be ${now.has(object) ? 'different' : 'gone'}`
  for (const object of now.keys()) if (!old.has(object)) return `${object} would stay behind`
  return undefined
}

/** Views and tables with triggers, among those that name the table, that SQLite cannot compile as they are. */
export async function brokenDependents(tx: Transaction, objects: readonly StoredObject[], table: string): Promise<ReadonlySet<string>> {
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

/** The name, or one like it that nothing has. */
export function freeName(objects: readonly StoredObject[], wanted: string): string {
  return objects.some((object) => sameName(object.name, wanted)) ? freeName(objects, `${wanted}_`) : wanted
}

async function compiles(tx: Transaction, sql: string): Promise<boolean> {
  try {
    await tx.transaction((inner) => inner.query({ sql: `explain ${sql}` }))
    return true
  } catch {
    return false
  }
}

/** What a CREATE INDEX text says behind `ON table`. */
function afterTable(sql: string): readonly Token[] {
  const tokens = tokenize(sql)
  return tokens.slice(tokens.findIndex((token) => isKeyword(token, 'ON')) + 2)
}
