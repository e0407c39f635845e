/** The definition of a live table in the words of the revisions, wherever the engine says that they mean the same. */
import { ExpressionComparison } from '../../schema/compare-expressions.ts'
import type { Place } from '../../schema/expression-probe.ts'
import type { LiveColumn, LiveSchema, LiveTable } from '../../schema/introspect.ts'
import type { IndexDefinition, NamedColumn, TableDefinition } from '../../schema/table.ts'
import type { Storage } from '../../storage/storage.ts'
import type { TableWords } from './revision-words.ts'

export interface LiveDefinition {
  readonly schema: LiveSchema
  readonly table: LiveTable
  readonly definition: TableDefinition
}

/** @param scratch a database to compare expressions in; left as it was */
export async function wordedDefinition({ schema, table, definition }: LiveDefinition, words: TableWords, scratch: Storage): Promise<TableDefinition> {
  const expressions = new ExpressionComparison({ from: schema, to: schema }, { from: table, to: table }, scratch)
  const choose = async (place: Place, live: string, written: string | undefined): Promise<string> =>
    written !== undefined && written !== live && (await expressions.compare(place, live, written)) === 'same' ? written : live

  const columns: NamedColumn[] = []
  for (const column of definition.columns) {
    const live = table.columns.find((candidate) => candidate.name === column.name)
    columns.push(live === undefined ? column : await wordedColumn(column, live, words, choose))
  }
  const indexes: IndexDefinition[] = []
  for (const index of definition.indexes) indexes.push(await wordedIndex(index, words.indexes.get(index.name), choose))
  const checks: TableDefinition['checks'][number][] = []
  for (const check of definition.checks) checks.push({ ...check, expression: await choose({ kind: 'check' }, check.expression, check.enumOf === undefined ? words.checks.get(check.name) : undefined) })
  const told = { ...definition, columns, indexes, checks }
  return schema.dialect === 'sqlite' ? withComments(told, words) : told
}

/** SQLite keeps no comments; the way back has to bring them all the same, for PostgreSQL. */
function withComments(definition: TableDefinition, { comments }: TableWords): TableDefinition {
  return { ...definition, comment: comments.get(null), columns: definition.columns.map((column) => ({ ...column, comment: comments.get(column.name) })) }
}

type Choose = (place: Place, live: string, written: string | undefined) => Promise<string>

async function wordedColumn(column: NamedColumn, live: LiveColumn, words: TableWords, choose: Choose): Promise<NamedColumn> {
  const { default: value, generated } = column
  const written = words.defaults.get(column.name)
  const isWritten = value?.kind === 'value' && written?.kind === 'value' && sortedJson(value.value) === sortedJson(written.value)
  return {
    ...column,
    default: value?.kind === 'sql' && written?.kind === 'sql' ? { kind: 'sql', sql: await choose({ kind: 'default', column: live }, value.sql, written.sql) } : isWritten ? written : value,
    generated: generated && { ...generated, expression: await choose({ kind: 'generated', column: live }, generated.expression, words.generated.get(column.name)) },
  }
}

async function wordedIndex(index: IndexDefinition, written: IndexDefinition | undefined, choose: Choose): Promise<IndexDefinition> {
  if (written === undefined || written.columns.length !== index.columns.length) return index
  const columns: IndexDefinition['columns'][number][] = []
  for (const [position, part] of index.columns.entries()) {
    const other = written.columns[position]
    columns.push('expression' in part && other !== undefined && 'expression' in other ? { ...part, expression: await choose({ kind: 'index' }, part.expression, other.expression) } : part)
  }
  return { ...index, columns, ...(index.where === undefined ? {} : { where: await choose({ kind: 'predicate' }, index.where, written.where) }) }
}

/** PostgreSQL keeps the keys of a JSON object in an order of its own. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1))) : typeof item === 'bigint' ? `${item}n` : item,
  )
}
