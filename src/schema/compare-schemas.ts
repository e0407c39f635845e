/**
 * Compares two schemas of one engine, as introspection gives them. Each object is equal, different, or not comparable
 * for a reason; only what is proven to differ is a difference. Changes nothing.
 */
import type { Storage } from '../storage/storage.ts'
import { compareColumns } from './compare-columns.ts'
import { compareConstraints } from './compare-constraints.ts'
import { ExpressionComparison, nameKey } from './compare-expressions.ts'
import { extrasDiffer } from './compare-extras.ts'
import type { NotComparable, SchemaComparison, SchemaDifference, SchemaScope } from './difference.ts'
import type { LiveSchema, LiveTable } from './introspect.ts'

/** What a comparison is about, and where expressions are tried out. */
export interface CompareOptions extends SchemaScope {
  /**
   * A database of the same dialect on which expressions are tried out that differ in their text; it is left as it was.
   * No transaction of the caller may be open on it. Without one, what differs in text is different.
   */
  readonly shadow?: Storage | undefined
}

/**
 * What leads from the first schema to the second.
 *
 * @throws TypeError when they are of different dialects
 *
 * @example
 * const { differences } = await compareSchemas(await introspect(live), await introspect(built), { shadow })
 */
export async function compareSchemas(from: LiveSchema, to: LiveSchema, options: CompareOptions = {}): Promise<SchemaComparison> {
  const { dialect } = to
  if (from.dialect !== dialect || (options.shadow !== undefined && options.shadow.dialect !== dialect)) throw new TypeError('Cannot compare schemas of different dialects')
  const include = options.include ?? (() => true)
  const differences: SchemaDifference[] = [...compareEnums(from, to, include)]
  const notComparable: NotComparable[] = []
  for (const [before, after] of pairsOf(from, to)) {
    const name = (after ?? before)?.name ?? ''
    if (!include('table', name)) continue
    if (before === undefined || after === undefined) {
      if (after !== undefined) differences.push({ kind: 'tableAdded', table: name, definition: after })
      if (before !== undefined) differences.push({ kind: 'tableDropped', table: name, definition: before })
      continue
    }
    const expressions = new ExpressionComparison({ from, to }, { from: before, to: after }, options.shadow)
    if (before.comment !== after.comment) differences.push({ kind: 'tableCommentChanged', table: name, from: before.comment, to: after.comment })
    notComparable.push(...[...extrasDiffer(`table "${name}"`, before, after)].map((found) => found.notComparable))
    for (const compare of [compareColumns, compareConstraints]) {
      for await (const found of compare(dialect, before, after, expressions)) {
        if ('difference' in found) differences.push(found.difference)
        else notComparable.push(found.notComparable)
      }
    }
  }
  return { differences, notComparable }
}

function* compareEnums(from: LiveSchema, to: LiveSchema, include: NonNullable<SchemaScope['include']>): Generator<SchemaDifference> {
  for (const name of [...new Set([...from.enums.keys(), ...to.enums.keys()])].toSorted()) {
    if (!include('enum', name)) continue
    const [before, after] = [from.enums.get(name), to.enums.get(name)]
    if (before === undefined && after !== undefined) yield { kind: 'enumAdded', name, values: after }
    else if (before !== undefined && after === undefined) yield { kind: 'enumDropped', name, values: before }
    else if (before !== undefined && after !== undefined && JSON.stringify(before) !== JSON.stringify(after)) yield { kind: 'enumChanged', name, from: before, to: after }
  }
}

/** Tables of the same name, sorted by it; on either side one may be missing. */
function pairsOf(from: LiveSchema, to: LiveSchema): readonly (readonly [LiveTable | undefined, LiveTable | undefined])[] {
  const byKey = (schema: LiveSchema): ReadonlyMap<string, LiveTable> => new Map([...schema.tables.values()].map((table) => [nameKey(schema.dialect, table.name), table]))
  const [before, after] = [byKey(from), byKey(to)]
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().map((key) => [before.get(key), after.get(key)])
}
