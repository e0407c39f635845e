/** What became of the keys, indexes, checks and foreign keys of one table. */
import type { Dialect } from '../storage/storage.ts'
import type { Found } from './compare-columns.ts'
import { type ExpressionComparison, type Verdict, nameKey } from './compare-expressions.ts'
import { extrasDiffer } from './compare-extras.ts'
import type { NotComparable } from './difference.ts'
import { quoteIdentifier } from './identifier.ts'
import type { LiveCheck, LiveForeignKey, LiveIndex, LiveKey, LiveTable } from './introspect.ts'
import { type Matched, type Named, matchObjects } from './match-objects.ts'

export async function* compareConstraints(dialect: Dialect, from: LiveTable, to: LiveTable, expressions: ExpressionComparison): AsyncGenerator<Found> {
  const table = to.name
  const columns = (key: LiveKey): string => JSON.stringify(key.columns.map((column) => nameKey(dialect, column)))
  const [before, after] = [from.primaryKey, to.primaryKey]
  if ((before && columns(before)) !== (after && columns(after))) yield { difference: { kind: 'primaryKeyChanged', table, from: before, to: after } }
  else if (before && after) yield* extrasDiffer(objectName('primary key', after, table), before, after)

  for (const found of told(matchObjects(from.uniques, to.uniques, columns), 'unique', table)) {
    yield 'object' in found ? { difference: { kind: found.kind === 'dropped' ? 'uniqueDropped' : 'uniqueAdded', table, unique: found.object } } : found
  }
  yield* compareIndexes(dialect, from, to, expressions)
  yield* compareChecks(from, to, expressions)
  for (const found of told(matchObjects(from.foreignKeys, to.foreignKeys, (key) => foreignKeyText(dialect, key)), 'foreign key', table)) {
    yield 'object' in found ? { difference: { kind: found.kind === 'dropped' ? 'foreignKeyDropped' : 'foreignKeyAdded', table, foreignKey: found.object } } : found
  }
}

type Told<T> = { readonly kind: 'dropped' | 'added'; readonly object: T } | { readonly notComparable: NotComparable }

function* told<T extends LiveKey | LiveCheck>({ pairs, dropped, added }: Matched<T>, what: string, table: string): Generator<Told<T>> {
  for (const [before, after] of pairs) yield* extrasDiffer(objectName(what, after, table), before, after)
  for (const object of dropped) yield { kind: 'dropped', object }
  for (const object of added) yield { kind: 'added', object }
}

/** The pairs of columns count, not the order in which they stand. */
function foreignKeyText(dialect: Dialect, { columns, references, onDelete, onUpdate }: LiveForeignKey): string {
  const pairs = columns.map((column, position) => [nameKey(dialect, column), nameKey(dialect, references.columns[position] ?? '')].join('\0'))
  return JSON.stringify([pairs.toSorted(), nameKey(dialect, references.table), onDelete, onUpdate])
}

async function* compareIndexes(dialect: Dialect, from: LiveTable, to: LiveTable, expressions: ExpressionComparison): AsyncGenerator<Found> {
  const table = to.name
  const key = (index: LiveIndex): string => nameKey(dialect, index.name)
  const before = new Map(from.indexes.map((index) => [key(index), index]))
  const after = new Set(to.indexes.map(key))
  for (const index of from.indexes) if (!after.has(key(index))) yield { difference: { kind: 'indexDropped', table, index } }
  for (const index of to.indexes) {
    const old = before.get(key(index))
    const verdict = old && (await compareIndex(old, index, expressions))
    if (old !== undefined && verdict === 'different') yield { difference: { kind: 'indexDropped', table, index: old } }
    if (verdict === undefined || verdict === 'different') yield { difference: { kind: 'indexAdded', table, index } }
    else if (verdict !== 'same') yield { notComparable: { object: objectName('index', index, table), why: verdict.refused } }
    else if (old !== undefined) yield* extrasDiffer(objectName('index', index, table), old, index)
  }
}

async function compareIndex(from: LiveIndex, to: LiveIndex, expressions: ExpressionComparison): Promise<Verdict> {
  if (from.unique !== to.unique || from.columns.length !== to.columns.length || (from.where === undefined) !== (to.where === undefined)) return 'different'
  let refused: Verdict = 'same'
  for (const [position, part] of to.columns.entries()) {
    const old = from.columns[position]
    if (old?.order !== part.order) return 'different'
    const [before, after] = [expressionOf(old), expressionOf(part)]
    const verdict = await expressions.compare({ kind: 'index' }, before, after)
    if (verdict === 'different') return verdict
    if (verdict !== 'same') refused = verdict
  }
  const verdict = from.where === undefined || to.where === undefined ? 'same' : await expressions.compare({ kind: 'predicate' }, from.where, to.where)
  return verdict === 'same' ? refused : verdict
}

function expressionOf(part: LiveIndex['columns'][number]): string {
  return 'column' in part ? quoteIdentifier(part.column) : part.expression
}

async function* compareChecks(from: LiveTable, to: LiveTable, expressions: ExpressionComparison): AsyncGenerator<Found> {
  const table = to.name
  const byText = matchObjects(from.checks, to.checks, (check) => expressions.normal('check', check.expression))
  const refusals = new Map<LiveCheck, string>()
  const texts = new Map<LiveCheck, string>()
  // The engine is asked only where both sides have something left.
  if (byText.dropped.length > 0 && byText.added.length > 0) {
    for (const [side, checks] of [['from', byText.dropped], ['to', byText.added]] as const) {
      for (const check of checks) {
        const canonical = await expressions.canonical(side, { kind: 'check' }, check.expression)
        if ('refused' in canonical) refusals.set(check, canonical.refused)
        else texts.set(check, canonical.text)
      }
    }
  }
  const known = (checks: readonly LiveCheck[]): readonly LiveCheck[] => checks.filter((check) => !refusals.has(check))
  const byEngine = matchObjects(known(byText.dropped), known(byText.added), (check) => texts.get(check) ?? expressions.normal('check', check.expression))
  for (const [before, after] of [...byText.pairs, ...byEngine.pairs]) yield* extrasDiffer(objectName('check', after, table), before, after)
  // Both sides of one check are one object.
  for (const [object, why] of new Map([...refusals].map(([check, why]) => [objectName('check', check, table), why]))) yield { notComparable: { object, why } }
  // One that cannot be judged may be the counterpart of the one that has its name.
  const unclear = new Set([...refusals.keys()].flatMap((check) => check.name ?? []))
  const proven = (check: LiveCheck): boolean => check.name === undefined || !unclear.has(check.name)
  for (const check of byEngine.dropped.filter(proven)) yield { difference: { kind: 'checkDropped', table, check } }
  for (const check of byEngine.added.filter(proven)) yield { difference: { kind: 'checkAdded', table, check } }
}

function objectName(what: string, { name }: Named, table: string): string {
  return name === undefined ? `${what} of table "${table}"` : `${what} "${name}" of table "${table}"`
}
