/** What stands when all revisions are applied: against the declared schema or, without one, one dialect against the other. */
import { isTidemarkError } from '../../errors.ts'
import { compareSchemas } from '../../schema/compare-schemas.ts'
import { describeDifference } from '../../schema/describe-difference.ts'
import type { SchemaScope } from '../../schema/difference.ts'
import { type LiveSchema, type LiveType, introspect } from '../../schema/introspect.ts'
import type { Schema } from '../../schema/table.ts'
import type { Dialect, Storage } from '../../storage/storage.ts'
import { buildSchema } from '../build-schema.ts'

/** Whether all revisions together make what they should, on one engine. */
export interface VerifiedEnd {
  readonly engine: Dialect
  /** What it was compared with. */
  readonly against: 'schema' | Dialect
  readonly equal: boolean
  /** For people: what differs, and what cannot be compared. */
  readonly details: readonly string[]
}

/** The schema that the revisions make; undefined when some of them cannot be run. */
export interface End {
  readonly engine: Dialect
  readonly schema: LiveSchema | undefined
}

export async function compareWithDeclared(ends: readonly End[], declared: Schema, openShadow: (engine: Dialect) => Promise<Storage>, { include }: SchemaScope = {}): Promise<readonly VerifiedEnd[]> {
  const compared: VerifiedEnd[] = []
  for (const { engine, schema } of ends) {
    const outcome = schema === undefined ? { equal: false, details: [notReached] } : await towardsDeclared(schema, declared, await openShadow(engine), { include })
    compared.push({ engine, against: 'schema', ...outcome })
  }
  return compared
}

async function towardsDeclared(made: LiveSchema, declared: Schema, shadow: Storage, { include }: SchemaScope): Promise<Pick<VerifiedEnd, 'equal' | 'details'>> {
  try {
    await buildSchema(shadow, declared)
    // What a declaration has no words for, revisions may have all the same.
    const { differences, notComparable } = await compareSchemas(made, await introspect(shadow), { shadow, include })
    const refused = notComparable.filter((item) => item.differs !== true).map(({ object, why }) => `${object} cannot be compared: ${why}`)
    const details = [...differences.map(describeDifference), ...refused].map((line) => `From what the revisions make to what is declared: ${line}`)
    return { equal: differences.length === 0, details }
  } catch (error) {
    if (!isTidemarkError(error, 'statement_failed')) throw error
    return { equal: false, details: [`The declared schema cannot be made: ${error.why}`] }
  } finally {
    await shadow.close()
  }
}

/** Names, kinds of types and nullability: what both dialects have. Nothing when there is one dialect only. */
export function compareWithEachOther(ends: readonly End[], { include = () => true }: SchemaScope = {}): readonly VerifiedEnd[] {
  const [first, second] = ends
  if (first === undefined || second === undefined) return []
  const details = first.schema === undefined || second.schema === undefined ? [notReached] : [...betweenDialects(first.schema, second.schema, (table) => include('table', table))]
  return [{ engine: first.engine, against: second.engine, equal: details.length === 0, details }]
}

const notReached = 'The heads were not reached.'

function* betweenDialects(one: LiveSchema, other: LiveSchema, include: (table: string) => boolean): Generator<string> {
  const only = (object: string, isThere: boolean): string => `The ${object} is there on ${isThere ? one.dialect : other.dialect} only.`
  for (const name of new Set([...one.tables.keys(), ...other.tables.keys()].filter(include))) {
    const [a, b] = [one.tables.get(name), other.tables.get(name)]
    if (a === undefined || b === undefined) {
      yield only(`table "${name}"`, a !== undefined)
      continue
    }
    for (const column of new Set([...a.columns, ...b.columns].map((item) => item.name))) {
      const [left, right] = [a, b].map((table) => table.columns.find((item) => item.name === column))
      const object = `column "${column}" of table "${name}"`
      if (left === undefined || right === undefined) yield only(object, left !== undefined)
      else if (!sameKind(left.type, right.type)) yield `The ${object} is ${left.type.kind} on ${one.dialect} and ${right.type.kind} on ${other.dialect}.`
      else if (left.nullable !== right.nullable) yield `The ${object} takes null on ${left.nullable ? one.dialect : other.dialect} only.`
    }
  }
}

/** SQLite has no enums but texts with a check. Of a type that no builder makes, nothing is known. */
function sameKind(a: LiveType, b: LiveType): boolean {
  const kinds = [a, b].map(({ kind }) => (kind === 'enum' ? 'text' : kind))
  return kinds[0] === kinds[1] || kinds.includes('other')
}
