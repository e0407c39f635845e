/** What became of the columns of one table. Their order does not count. */
import type { Dialect } from '../storage/storage.ts'
import { type ExpressionComparison, type Verdict, nameKey } from './compare-expressions.ts'
import { extrasDiffer } from './compare-extras.ts'
import { sameType } from './compare-types.ts'
import type { ColumnAspect, NotComparable, SchemaDifference } from './difference.ts'
import type { LiveColumn, LiveTable } from './introspect.ts'

/** What a part of a comparison tells. */
export type Found = { readonly difference: SchemaDifference } | { readonly notComparable: NotComparable }

export async function* compareColumns(dialect: Dialect, from: LiveTable, to: LiveTable, expressions: ExpressionComparison): AsyncGenerator<Found> {
  const table = to.name
  const key = (column: LiveColumn): string => nameKey(dialect, column.name)
  const before = new Map(from.columns.map((column) => [key(column), column]))
  const after = new Set(to.columns.map(key))
  for (const column of from.columns) if (!after.has(key(column))) yield { difference: { kind: 'columnDropped', table, column } }
  for (const column of to.columns) {
    const old = before.get(key(column))
    if (old === undefined) {
      yield { difference: { kind: 'columnAdded', table, column } }
      continue
    }
    const object = `column "${table}"."${column.name}"`
    const aspects: ColumnAspect[] = []
    if (!sameType(dialect, old, column) || (isOnlyKey(dialect, from, old) && isOnlyKey(dialect, to, column) && countsRows(dialect, old) !== countsRows(dialect, column))) aspects.push('type')
    if (old.nullable !== column.nullable) aspects.push('nullable')
    for (const aspect of ['default', 'generated'] as const) {
      const verdict = await (aspect === 'default' ? compareDefaults : compareGenerated)(old, column, expressions)
      if (verdict === 'different') aspects.push(aspect)
      else if (verdict !== 'same') yield { notComparable: { object: `${aspect === 'default' ? 'default' : 'expression'} of ${object}`, why: verdict.refused } }
    }
    if (old.comment !== column.comment) aspects.push('comment')
    if (aspects.length > 0) yield { difference: { kind: 'columnChanged', table, column: column.name, aspects, from: old, to: column } }
    yield* extrasDiffer(object, old, column)
  }
}

async function compareDefaults(from: LiveColumn, to: LiveColumn, expressions: ExpressionComparison): Promise<Verdict> {
  const [before, after] = [meaningful(from.default), meaningful(to.default)]
  if (before === undefined || after === undefined) return before === after ? 'same' : 'different'
  return expressions.compare({ kind: 'default', column: to }, before, after, from)
}

/** `DEFAULT NULL` is none, also where PostgreSQL keeps it because of the length of the type. */
function meaningful(text: string | undefined): string | undefined {
  return text === undefined || /^\(*\s*null\s*\)*(?:::.*)?$/is.test(text) ? undefined : text
}

async function compareGenerated({ generated: from }: LiveColumn, column: LiveColumn, expressions: ExpressionComparison): Promise<Verdict> {
  const to = column.generated
  if (from === undefined || to === undefined) return from === to ? 'same' : 'different'
  return from.stored === to.stored ? expressions.compare({ kind: 'generated', column }, from.expression, to.expression) : 'different'
}

function isOnlyKey(dialect: Dialect, { primaryKey }: LiveTable, column: LiveColumn): boolean {
  return primaryKey?.columns.length === 1 && primaryKey.columns.every((name) => nameKey(dialect, name) === nameKey(dialect, column.name))
}

/** SQLite numbers the rows of a key column of the type INTEGER, and of no other spelling. */
function countsRows(dialect: Dialect, column: LiveColumn): boolean {
  return dialect === 'sqlite' && column.declaredType.toUpperCase() === 'INTEGER'
}
