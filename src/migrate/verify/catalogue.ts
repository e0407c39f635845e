/**
 * Everything that stands in a database, rows aside, and what tells two states of it apart, in words. Stricter than the
 * comparison of schemas: the name of a constraint counts, since a later revision may drop it by that name. The order of
 * columns does not.
 */
import { type LiveSchema, type LiveTable, introspect } from '../../schema/introspect.ts'
import { postgresObjects } from '../../storage/postgres/other-objects.ts'
import { plainSqlite, sqliteObjects, sqliteStamp } from '../../storage/sqlite/other-objects.ts'
import type { Dialect, Queryable } from '../../storage/storage.ts'

export interface Catalogue {
  readonly schema: LiveSchema
  /** Views, triggers and the like: definitions by what they are called. */
  readonly others: ReadonlyMap<string, string>
  /** The same as long as nothing has changed, where the engine gives such a text. */
  readonly stamp: string | undefined
}

/** @param known states read before: one that is the same is not read again */
export async function readCatalogue(database: Queryable & { readonly dialect: Dialect }, known: readonly Catalogue[] = []): Promise<Catalogue> {
  if (database.dialect === 'postgres') return { schema: await introspect(database), others: await postgresObjects(database), stamp: undefined }
  const stamp = await sqliteStamp(database)
  return known.find((catalogue) => catalogue.stamp === stamp) ?? { schema: await introspect(database), others: await sqliteObjects(database), stamp }
}

export interface CatalogueDifference {
  /** For people: `index "ix_posts_views" of table "posts"`. */
  readonly object: string
  /** What is not as expected about it. */
  readonly kind: 'missing' | 'unexpected' | 'different'
  /** What of it differs: how it should be and how it is. */
  readonly change?: { readonly from: string; readonly to: string } | undefined
}

/** Where a table is missing or unexpected, what belongs to it is not told apart. */
export function compareCatalogues(expected: Catalogue, actual: Catalogue): readonly CatalogueDifference[] {
  if (expected === actual) return []
  const [before, after] = [factsOf(expected), factsOf(actual)]
  const differences: CatalogueDifference[] = []
  for (const [object, { text: from, table }] of before) {
    const to = after.get(object)?.text
    const told = table !== undefined && !after.has(table)
    if (to === undefined ? !told : to !== from) differences.push({ object, ...(to === undefined ? { kind: 'missing' } : { kind: 'different', change: { from, to } }) })
  }
  for (const [object, { table }] of after) if (!before.has(object) && (table === undefined || before.has(table))) differences.push({ object, kind: 'unexpected' })
  return differences
}

interface Fact {
  readonly text: string
  /** The table it belongs to. */
  readonly table?: string | undefined
}

function factsOf({ schema, others }: Catalogue): ReadonlyMap<string, Fact> {
  const plain = schema.dialect === 'sqlite' ? plainSqlite : (text: string) => text
  const facts = new Map<string, Fact>()
  for (const table of schema.tables.values()) for (const [object, fact] of tableFacts(table, plain)) facts.set(object, fact)
  for (const [name, values] of schema.enums) facts.set(`enum "${name}"`, { text: values.join(', ') })
  for (const [object, definition] of others) facts.set(object, { text: plain(definition) })
  return facts
}

function* tableFacts(table: LiveTable, plain: (text: string) => string): Generator<[string, Fact]> {
  const self = `table "${table.name}"`
  const fact = (object: string, ...parts: readonly (string | false | undefined)[]): [string, Fact] => [`${object} of ${self}`, { text: words(parts), table: self }]
  yield [self, { text: words([...(table.extras ?? []), table.comment !== undefined && `comment ${JSON.stringify(table.comment)}`]) }]
  for (const { name, declaredType, nullable, default: value, generated, comment, extras = [] } of table.columns) {
    yield fact(
      `column "${name}"`, plain(declaredType), !nullable && 'not null', value !== undefined && `default ${plain(value)}`,
      generated && `generated ${plain(generated.expression)} ${generated.stored ? 'stored' : 'virtual'}`, ...extras, comment !== undefined && `comment ${JSON.stringify(comment)}`,
    )
  }
  // Its name is no part of it: a renamed table keeps the old one, and `createTable` gives one that follows the name of the table.
  if (table.primaryKey) yield fact('primary key', list(table.primaryKey.columns), ...(table.primaryKey.extras ?? []))
  for (const { name, columns, extras = [] } of table.uniques) yield fact(`unique ${label(name, list(columns))}`, list(columns), ...extras)
  for (const { name, columns, unique, where, extras = [] } of table.indexes) {
    const parts = columns.map((part) => `${'column' in part ? part.column : plain(part.expression)} ${part.order}`)
    yield fact(`index "${name}"`, unique && 'unique', list(parts), where !== undefined && `where ${plain(where)}`, ...extras)
  }
  for (const { name, expression, extras = [] } of table.checks) yield fact(`check ${label(name, plain(expression))}`, plain(expression), ...extras)
  for (const { name, columns, references, onDelete, onUpdate, extras = [] } of table.foreignKeys) {
    yield fact(`foreign key ${label(name, list(columns))}`, `${list(columns)} to ${references.table} ${list(references.columns)}`, `on delete ${onDelete}`, `on update ${onUpdate}`, ...extras)
  }
}

function words(parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' ')
}

/** SQLite lets constraints have no name; then what they say stands for it. */
function label(name: string | undefined, content: string): string {
  return name === undefined ? content : `"${name}"`
}

function list(items: readonly string[]): string {
  return `(${items.join(', ')})`
}
